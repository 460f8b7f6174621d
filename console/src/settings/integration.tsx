import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useActions } from '../actions/actions.ts'
import { get } from '../api/request.ts'
import type { Project } from '../api/types.ts'
import { Ask } from '../form/ask.tsx'
import { useMay } from '../session/session.ts'
import { toast } from '../ui/toasts.tsx'
import { Section } from './section.tsx'
import { patchProject, useSaved } from './use-save.ts'

/** Whether the installation as a whole has it on. */
const installationQuery = {
  queryKey: ['installation'],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    get<{ sprint_integration: boolean }>('/ready', undefined, signal),
}

/** Ties runs and boards together, or keeps them apart. */
export function Integration({ project }: { project: Project }) {
  const mayPlan = useMay('plan')
  const [asking, setAsking] = useState(false)
  const on = project.settings.sprint_integration !== false
  const everywhere = useQuery(installationQuery).data?.sprint_integration !== false
  const ask = () => setAsking(true)
  const verb = on ? 'Switch off' : 'Switch on'
  useActions(
    mayPlan
      ? [
          {
            id: 'settings.integration',
            title: `${verb} the sprint integration`,
            group: 'Settings',
            run: ask,
          },
        ]
      : [],
  )
  return (
    <Section
      id="integration"
      title="Sprint integration"
      intro="Keeps protocol runs, task files and boards telling one story."
    >
      <div className="settings-switch">
        <p>
          It is <strong>{on ? 'on' : 'off'}</strong> for this project.
        </p>
        {mayPlan && (
          <button type="button" className="button" onClick={ask}>
            {verb}…
          </button>
        )}
      </div>
      {!everywhere && (
        <p className="notice">
          It is off for the whole installation, whatever is set here: whoever runs the server starts
          it with <code>DEVGODZILLA_ENABLE_SPRINT_INTEGRATION=true</code>.
        </p>
      )}
      <p className="settings-fact">
        {on
          ? 'Cards follow the steps of runs, a card that is moved drives its step, new runs get sprints, and hooks bring changed task files onto the board.'
          : 'Runs and boards are two separate things. Nothing is synced, and hooks start nothing.'}
      </p>
      {asking && <Switch project={project} on={on} onClose={() => setAsking(false)} />}
    </Section>
  )
}

interface SwitchProps {
  project: Project
  on: boolean
  onClose: () => void
}

/** Says what stops, or what is caught up with, before it does. */
function Switch({ project, on, onClose }: SwitchProps) {
  const saved = useSaved()
  const act = async (_: string | undefined, key: string) => {
    saved(await patchProject(project.id, { settings: { sprint_integration: !on } }, key))
    toast({
      tone: 'info',
      key: 'settings',
      title: `The sprint integration of ${project.name} is ${on ? 'off' : 'on'}`,
    })
  }
  return (
    <Ask
      title={on ? 'Switch off the sprint integration' : 'Switch on the sprint integration'}
      submit={on ? 'Switch it off' : 'Switch it on'}
      act={act}
      onClose={onClose}
    >
      {on ? <WhatStops name={project.name} /> : <WhatIsCaughtUp />}
    </Ask>
  )
}

function WhatStops({ name }: { name: string }) {
  return (
    <div className="settings-effects">
      <p>For “{name}”, until it is switched on again:</p>
      <ul>
        <li>cards no longer move with the steps of runs, nor steps with their cards;</li>
        <li>new runs get no sprint;</li>
        <li>hooks of task files, pushes and jobs start nothing, even those that wait by now;</li>
        <li>linking, syncing and importing are refused.</li>
      </ul>
      <p>
        Cards, sprints, velocity and steps go on, each by itself. What moves meanwhile is noted and
        caught up with later.
      </p>
    </div>
  )
}

function WhatIsCaughtUp() {
  return (
    <div className="settings-effects">
      <p>What moved meanwhile is caught up with at once:</p>
      <ul>
        <li>cards follow their steps, and a moved card drives a step that stood still;</li>
        <li>where both moved, the step wins and a conflict is recorded;</li>
        <li>runs made meanwhile get their sprint, unless they have ended.</li>
      </ul>
      <p>A task file that changed comes with its next push or import.</p>
    </div>
  )
}
