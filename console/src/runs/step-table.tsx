import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sprintsQuery, sprintTasksQuery } from '../api/queries.ts'
import type { Project, ProtocolRun, StepRun } from '../api/types.ts'
import { formatMoment } from '../format/dates.ts'
import { spent } from '../format/durations.ts'
import { compact, count, dollars } from '../format/words.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { StatusWord } from '../ui/status-word.tsx'

/** How many more rows are drawn at a time. */
const atOnce = 200

interface StepTableProps {
  project: Project
  run: ProtocolRun
  steps: readonly StepRun[]
  chosen: number | null
  now: number
}

/** The steps in their order, with all there is to know of each. */
export function StepTable({ project, run, steps, chosen, now }: StepTableProps) {
  const [most, setMost] = useState(atOnce)
  const cards = useCards(project, run)
  const numbers = new Map(steps.map((step, index) => [step.id, index + 1]))
  return (
    <>
      <div className="records-scroll">
        <table className="records" aria-label="Steps in order">
          <thead>
            <tr>
              <th scope="col" className="num">
                #
              </th>
              <th scope="col">Step</th>
              <th scope="col">State</th>
              <th scope="col">After</th>
              <th scope="col" className="num">
                Attempt
              </th>
              <th scope="col">Agent</th>
              <th scope="col">Started</th>
              <th scope="col" className="num">
                Took
              </th>
              <th scope="col" className="num">
                Tokens
              </th>
              <th scope="col" className="num">
                Cost
              </th>
              <th scope="col">Card</th>
            </tr>
          </thead>
          <tbody>
            {steps.slice(0, most).map((step) => {
              const card = cards(step)
              return (
                <tr key={step.id} aria-current={step.id === chosen ? 'true' : undefined}>
                  <td className="num" data-label="Step">
                    {numbers.get(step.id)}
                  </td>
                  <td className="records-main">
                    <Link id={`step-${step.id}`} to={paths.step(project.slug, run.id, step.id)}>
                      {step.step_name}
                    </Link>
                    <p className="records-fine">
                      {step.step_type}
                      {step.story_points !== null && ` · ${count(step.story_points, 'point')}`}
                      {step.qa_required && ' · QA'}
                    </p>
                    {step.status_reason && step.status !== 'completed' && (
                      <p className="records-fine step-reason">{step.status_reason}</p>
                    )}
                  </td>
                  <td data-label="State">
                    <StatusWord status={step.status} />
                  </td>
                  <td data-label="After" className="numbers">
                    {step.depends_on.map((id) => numbers.get(id) ?? '?').join(', ')}
                  </td>
                  <td className="num" data-label="Attempt">
                    {step.attempt}
                  </td>
                  <td data-label="Agent">{step.agent}</td>
                  <td data-label="Started" className="numbers">
                    {step.started_at && formatMoment(step.started_at)}
                  </td>
                  <td className="num" data-label="Took">
                    {spent(step.started_at, endOf(step), now)}
                  </td>
                  <td className="num" data-label="Tokens">
                    {step.tokens !== null && compact(step.tokens)}
                  </td>
                  <td className="num" data-label="Cost">
                    {step.cost_usd !== null && dollars(step.cost_usd)}
                  </td>
                  <td data-label="Card">
                    {card && (
                      <Link className="id" to={card.to}>
                        {card.code}
                      </Link>
                    )}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      {steps.length > most && (
        <button type="button" className="button" onClick={() => setMost(most + atOnce)}>
          Show more of {steps.length} steps
        </button>
      )}
    </>
  )
}

/** A step that stopped without completing has its last change as its end. */
export const endOf = (step: StepRun) =>
  step.completed_at ?? (step.status === 'running' ? null : step.updated_at)

/** The cards of a run lie in its sprint, of which one list is read. */
function useCards(project: Project, run: ProtocolRun) {
  const sprintId = run.linked_sprint_id ?? run.sprint_id
  const tasks = useQuery({ ...sprintTasksQuery(sprintId ?? 0), enabled: sprintId !== null }).data
  const sprint = useQuery(sprintsQuery(project.id)).data?.find(({ id }) => id === sprintId)
  const codes = new Map(tasks?.map((task) => [task.id, task.code]))
  return (step: StepRun) => {
    const code = codes.get(step.linked_task_id ?? step.task_id ?? 0)
    return code && sprint ? { code, to: paths.card(project.slug, sprint.code, code) } : null
  }
}
