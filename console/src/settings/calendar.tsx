import type { Project } from '../api/types.ts'
import { timeIn } from '../format/dates.ts'
import { useNow } from '../ui/now.ts'
import { Days, inWords } from './days.tsx'
import { FormSection } from './section.tsx'
import { TypedField } from './typed-field.tsx'
import { useSave } from './use-save.ts'
import type { Texts } from './use-typed.ts'

const zoneField = 'settings.time_zone'
const daysField = 'settings.working_days'

const zones = Intl.supportedValuesOf('timeZone')

const changes = (typed: Texts) => ({
  settings: {
    ...(typed[zoneField] === undefined ? {} : { time_zone: typed[zoneField].trim() || 'UTC' }),
    ...(typed[daysField] === undefined
      ? {}
      : { working_days: typed[daysField].split(',').filter(Boolean).map(Number) }),
  },
})

/** Whose days the charts count. */
export function Calendar({ project }: { project: Project }) {
  const now = useNow()
  const { time_zone = 'UTC', working_days = [1, 2, 3, 4, 5] } = project.settings
  const days = working_days.toSorted().join(',')
  const saving = useSave({ project, now: { [zoneField]: time_zone, [daysField]: days }, changes })
  const there = timeIn(saving.typed.text(zoneField), now)
  return (
    <FormSection
      id="calendar"
      title="Calendar"
      intro="Burndown guidelines, cycle times and forecasts count these days. Charts are drawn anew at once."
      saving={saving}
      fields={[zoneField, daysField]}
      facts={[
        ['Time zone', time_zone],
        ['Working days', inWords(days)],
      ]}
    >
      <TypedField
        typed={saving.typed}
        name={zoneField}
        label="Time zone"
        suggestions={zones}
        spellCheck={false}
        hint={there ? `It is ${there} there.` : 'Such as Europe/Berlin or America/Sao_Paulo.'}
      />
      <Days saving={saving} name={daysField} />
    </FormSection>
  )
}
