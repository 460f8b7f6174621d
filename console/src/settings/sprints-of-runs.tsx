import type { Project } from '../api/types.ts'
import { count } from '../format/words.ts'
import { FormSection } from './section.tsx'
import { TypedBox, TypedField } from './typed-field.tsx'
import { numberOr, useSave } from './use-save.ts'
import type { Texts } from './use-typed.ts'

const autoField = 'settings.auto_create_sprint'
const daysField = 'settings.sprint_days'

const changes = (typed: Texts) => ({
  settings: {
    ...(typed[autoField] === undefined ? {} : { auto_create_sprint: typed[autoField] === 'yes' }),
    ...(typed[daysField] === undefined
      ? {}
      : { sprint_days: typed[daysField].trim() === '' ? 14 : numberOr(typed[daysField]) }),
  },
})

/** Whether and how protocol runs become sprints by themselves. */
export function SprintsOfRuns({ project }: { project: Project }) {
  const { auto_create_sprint = true, sprint_days = 14 } = project.settings
  const saving = useSave({
    project,
    now: { [autoField]: auto_create_sprint ? 'yes' : '', [daysField]: String(sprint_days) },
    changes,
  })
  return (
    <FormSection
      id="sprints-of-runs"
      title="Sprints of runs"
      intro="A protocol run gets a sprint of its own, with one card for each of its steps."
      saving={saving}
      fields={[autoField, daysField]}
      facts={[
        ['A sprint for every new run', auto_create_sprint ? 'yes' : 'no'],
        ['Length of such a sprint', count(sprint_days, 'day')],
      ]}
    >
      <TypedBox
        typed={saving.typed}
        name={autoField}
        label="Make a sprint for every new run"
        hint="Off, a run is brought onto a board by hand: “Create a sprint” on the overview."
      />
      <TypedField
        typed={saving.typed}
        name={daysField}
        label="Days such a sprint lasts"
        inputMode="numeric"
        className="settings-short"
      />
    </FormSection>
  )
}
