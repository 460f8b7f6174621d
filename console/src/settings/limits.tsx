import type { Project } from '../api/types.ts'
import { columnNames } from '../scrum/columns.ts'
import { FormSection } from './section.tsx'
import { TypedField } from './typed-field.tsx'
import { numberOr, useSave } from './use-save.ts'
import type { Texts } from './use-typed.ts'

type Limits = NonNullable<Project['settings']['wip_limits']>

const columns = ['todo', 'in_progress', 'review', 'testing', 'blocked'] as const
const prefix = 'settings.wip_limits.'
const fieldOf = (column: string) => prefix + column

/** The limits there are, with those that were typed over them; an empty one is none. */
function limitsWith(now: Limits, typed: Texts): Record<string, unknown> {
  const limits: Record<string, unknown> = { ...now }
  for (const [field, text] of Object.entries(typed)) {
    const column = field.slice(prefix.length)
    if (text.trim() === '') delete limits[column]
    else limits[column] = numberOr(text)
  }
  return limits
}

/** How many cards a column may hold before it is marked. */
export function WipLimits({ project }: { project: Project }) {
  const limits = project.settings.wip_limits ?? {}
  const saving = useSave({
    project,
    now: Object.fromEntries(columns.map((it) => [fieldOf(it), String(limits[it] ?? '')])),
    changes: (typed) => ({ settings: { wip_limits: limitsWith(limits, typed) } }),
  })
  return (
    <FormSection
      id="limits"
      title="Limits of work in progress"
      intro="The head of a column shows its cards against its limit. More are marked, never refused."
      saving={saving}
      fields={columns.map(fieldOf)}
      facts={columns.map((it) => [columnNames[it], limits[it] ?? 'no limit'] as const)}
    >
      <div className="settings-limits">
        {columns.map((it) => (
          <TypedField
            key={it}
            typed={saving.typed}
            name={fieldOf(it)}
            label={columnNames[it]}
            inputMode="numeric"
            placeholder="no limit"
            said={(text) => text || 'no limit'}
          />
        ))}
      </div>
    </FormSection>
  )
}
