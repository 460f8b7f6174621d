import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useActions } from '../actions/actions.ts'
import type { Project, Sprint, Task } from '../api/types.ts'
import { amount, count } from '../format/words.ts'
import { FileDrop } from '../import/file-drop.tsx'
import { ImportDialog } from '../import/import-dialog.tsx'
import { closePeek, openPeek, peekedOf } from '../peek/address.ts'
import { focusCard } from '../peek/card-link.ts'
import { CreateTask } from '../peek/create-task.tsx'
import { projectPeople } from '../peek/people.ts'
import { TaskPeek } from '../peek/task-peek.tsx'
import { placesOf } from '../project/in-project.tsx'
import { useLocation } from '../routing/location.ts'
import type { SelectionStore } from '../scrum/selection.ts'
import { useMay } from '../session/session.ts'
import { plannedOf } from '../sprint/commitment.ts'
import { CreateDialog } from '../sprint/create-dialog.tsx'
import { projectVelocityQuery } from '../sprint/past-velocity.ts'
import { SprintDialog, type SprintVerb } from '../sprint/sprint-actions.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import { PlanList } from './plan-list.tsx'
import { SelectedBar } from './selected-bar.tsx'
import '../sprint/sprint-dialogs.css'
import { SprintPlan, useDropBox } from './sprint-plan.tsx'
import { useLivePlan } from './use-live-plan.ts'
import { type Plan, usePlan } from './use-plan.ts'
import { type PlanActions, usePlanActions } from './use-plan-actions.ts'
import { usePlanDrops } from './use-plan-drops.ts'

type Asked = { what: 'import'; file: File | null } | { what: 'sprint' } | { what: 'task' } | null

interface BacklogViewProps {
  project: Project
  selection: SelectionStore
}

export function BacklogView({ project, selection }: BacklogViewProps) {
  useLivePlan(project.id)
  const mayPlan = useMay('plan')
  const { plan, failed } = usePlan(project.id)
  const [asked, setAsked] = useState<Asked>(null)
  useActions([
    ...(mayPlan
      ? [
          {
            id: 'backlog.import',
            title: 'Import a tasks.md',
            group: 'Backlog',
            keys: ['I'],
            run: () => setAsked({ what: 'import', file: null }),
          },
          {
            id: 'backlog.create-sprint',
            title: 'Create a sprint',
            group: 'Backlog',
            keys: ['S'],
            run: () => setAsked({ what: 'sprint' }),
          },
          {
            id: 'backlog.create-task',
            title: 'Create a task in the backlog',
            group: 'Backlog',
            keys: ['C'],
            run: () => setAsked({ what: 'task' }),
          },
        ]
      : []),
    ...rowKeys,
  ])
  const close = () => setAsked(null)

  return (
    <div className="page page-wide">
      <PageHead
        title="Backlog"
        places={[...placesOf(project), { label: 'Backlog' }]}
        end={
          mayPlan && (
            <>
              <button type="button" className="button" onClick={() => setAsked({ what: 'task' })}>
                Create a task
              </button>
              <button
                type="button"
                className="button"
                onClick={() => setAsked({ what: 'import', file: null })}
              >
                Import a tasks.md
              </button>
              <button
                type="button"
                className="button button-main"
                onClick={() => setAsked({ what: 'sprint' })}
              >
                Create a sprint
              </button>
            </>
          )
        }
      />
      {plan && <PlanView project={project} plan={plan} selection={selection} />}
      {!plan && failed && <ErrorState error={failed.error} retry={failed.refetch} />}
      {!plan && !failed && <Skeleton lines={10} label="Loading the backlog" />}
      {mayPlan && <FileDrop onFile={(file) => setAsked({ what: 'import', file })} />}
      {asked?.what === 'import' && (
        <ImportDialog project={project} file={asked.file} onClose={close} />
      )}
      {asked?.what === 'sprint' && <CreateDialog project={project} onClose={close} />}
      {asked?.what === 'task' && (
        <CreateTask
          project={project}
          sprintId={null}
          people={projectPeople(plan?.backlog ?? [], undefined)}
          onClose={(made) => {
            close()
            if (made) requestAnimationFrame(() => focusCard(made.code))
          }}
        />
      )}
    </div>
  )
}

/** Told in the help; the rows handle them. */
const rowKeys = (
  [
    ['next', 'Next card', ['J', 'ArrowDown']],
    ['previous', 'Previous card', ['K', 'ArrowUp']],
    ['estimate', 'Estimate the card', ['E']],
    ['move', 'Move the card to a sprint, up or down', ['M']],
    ['select', 'Select the card', ['X']],
    ['select-all', 'Select all cards of the list', ['Mod+A']],
    ['order', 'Move the card up or down', ['Alt+ArrowUp', 'Alt+ArrowDown']],
  ] as const
).map(([id, title, keys]) => ({
  id: `backlog.${id}`,
  title,
  group: 'Backlog',
  keys,
  local: true,
}))

interface PlanViewProps extends BacklogViewProps {
  plan: Plan
}

function PlanView({ project, plan, selection: store }: PlanViewProps) {
  const mayWork = useMay('work')
  const past = useQuery(projectVelocityQuery(project.id)).data
  const [ask, setAsk] = useState<{ verb: SprintVerb; sprint: Sprint } | null>(null)
  const all = useMemo(
    () => [...plan.backlog, ...plan.sprints.flatMap(({ tasks }) => tasks)],
    [plan],
  )
  const sprints = useMemo(() => plan.sprints.map(({ sprint }) => sprint), [plan])
  useEffect(() => store.arrange(all.map(({ id }) => id)), [store, all])
  const can = usePlanActions(sprints, all, store)
  const actions: PlanActions | undefined = mayWork ? can : undefined
  usePlanDrops(actions)
  const { box, over } = useDropBox(null)

  const peeked = peekedOf(useLocation().query)
  const open = (task: Task) => openPeek(task.code)
  const waiting = plannedOf(plan.backlog)

  return (
    <div className="plan">
      <section
        ref={box}
        className={`plan-backlog${over ? ' plan-over' : ''}`}
        aria-labelledby="waiting"
      >
        <header className="plan-head">
          <h2 id="waiting">{amount(plan.backlog.length)} waiting</h2>
          <p className="numbers">
            {count(waiting.points, 'point')}
            {waiting.unestimated > 0 && `, ${waiting.unestimated} without points`}
          </p>
        </header>
        {plan.backlog.length > 0 ? (
          <PlanList
            tasks={plan.backlog}
            sprintId={null}
            label="Backlog"
            actions={actions}
            onOpen={open}
          />
        ) : (
          <EmptyState title="Nothing waits">
            <p>Drop a tasks.md onto this page, or create a task.</p>
          </EmptyState>
        )}
      </section>
      <section className="plan-sprints" aria-labelledby="sprints">
        <header className="plan-head">
          <h2 id="sprints">{count(plan.sprints.length, 'open sprint')}</h2>
        </header>
        {plan.sprints.length === 0 && (
          <EmptyState title="No open sprint">
            <p>Create one to plan the cards of the backlog into it.</p>
          </EmptyState>
        )}
        {plan.sprints.map(({ sprint, tasks }) => (
          <SprintPlan
            key={sprint.id}
            project={project}
            sprint={sprint}
            tasks={tasks}
            past={past}
            actions={actions}
            onOpen={open}
            onAsk={(verb, sprint) => setAsk({ verb, sprint })}
          />
        ))}
      </section>
      {actions && <SelectedBar all={all} actions={actions} />}
      {ask && <SprintDialog project={project} {...ask} onClose={() => setAsk(null)} />}
      {peeked !== null && (
        <TaskPeek
          key={peeked}
          project={project}
          code={peeked}
          tasks={all}
          neighbours={() => all}
          onClose={closePeek}
        />
      )}
    </div>
  )
}
