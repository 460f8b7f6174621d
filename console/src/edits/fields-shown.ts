import type { EntryItem } from './entry.ts'
import type { Overtaken, Refusal } from './outbox.ts'

type Refused = (refusal: Refusal, item: EntryItem) => void

const place = (taskId: number, field: string) => `${taskId} ${field}`

/** Fields on the page that tell by themselves what became of an edit of theirs. */
export function createFieldsShown() {
  const fields = new Map<string, Refused>()
  return {
    add(taskId: number, field: string, refused: Refused): () => void {
      const key = place(taskId, field)
      fields.set(key, refused)
      return () => {
        if (fields.get(key) === refused) fields.delete(key)
      }
    },
    /** Whether a field has told it. */
    refuse(refusal: Refusal, item: EntryItem): boolean {
      const [field, ...others] = Object.keys(item.changes)
      const tell = field === undefined ? undefined : fields.get(place(item.task.id, field))
      if (tell === undefined || others.length > 0) return false
      tell(refusal, item)
      return true
    },
    /** Whether a field shows both values and the choice between them. */
    shows: (overtaken: Overtaken): boolean => {
      const field = fieldOf(overtaken)
      return field !== undefined && fields.has(place(field.taskId, field.name))
    },
  }
}

/** The one field of one card that an overtaken edit is about; undefined where it is about more. */
export function fieldOf({ items }: Overtaken): { taskId: number; name: string } | undefined {
  const [first, ...others] = items
  if (first === undefined || others.length > 0) return undefined
  const [name, ...more] = Object.keys(first.edit.changes)
  return name === undefined || more.length > 0 ? undefined : { taskId: first.edit.task.id, name }
}
