import { Field } from '../form/form.tsx'

export interface Property {
  type?: string | string[]
  title?: string
  description?: string
  format?: string
  enum?: unknown[]
  default?: unknown
  placeholder?: string
}
export interface Schema {
  properties?: Record<string, Property>
  required?: string[]
  order?: string[]
}

const isOf = ({ type = 'string' }: Property, wanted: string) => [type].flat().includes(wanted)
const isNumber = (it: Property) => isOf(it, 'integer') || isOf(it, 'number')

export function orderedFields({ properties = {}, order = [] }: Schema): [string, Property][] {
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  return Object.entries(properties).sort(([a], [b]) => place(a) - place(b))
}

interface FieldsProps {
  schema: Schema
  /** What field names begin with: `args.` */
  prefix: string
  /** What is there before somebody types. */
  values?: Record<string, unknown>
}

/** The fields of a JSON schema as Windmill shows them; what is neither text, number nor choice is JSON. */
export function SchemaFields({ schema, prefix, values = {} }: FieldsProps) {
  return orderedFields(schema).map(([name, property]) => {
    const required = schema.required?.includes(name)
    const given = values[name] ?? property.default ?? ''
    const text = typeof given === 'object' ? JSON.stringify(given) : String(given)
    return (
      <Field
        key={name}
        name={`${prefix}${name}`}
        label={`${property.title ?? name}${required ? '' : ' (may be left out)'}`}
        hint={property.description}
      >
        {(control) => {
          if (property.enum) {
            return (
              <select {...control} defaultValue={text}>
                {!required && <option value="" />}
                {property.enum.map((it) => (
                  <option key={String(it)}>{String(it)}</option>
                ))}
              </select>
            )
          }
          if (isOf(property, 'boolean')) {
            return (
              <select {...control} defaultValue={text || 'false'}>
                <option value="true">yes</option>
                <option value="false">no</option>
              </select>
            )
          }
          if (property.format === 'textarea' || isOf(property, 'object')) {
            return <textarea {...control} rows={4} defaultValue={text} />
          }
          return (
            <input
              type="text"
              {...control}
              defaultValue={text}
              placeholder={property.placeholder}
              inputMode={isNumber(property) ? 'numeric' : undefined}
              autoComplete="off"
            />
          )
        }}
      </Field>
    )
  })
}

/** What was typed, as the schema has it; what cannot be read goes as it is, and its engine says why. */
export function readFields(schema: Schema, prefix: string, typed: FormData) {
  const args: Record<string, unknown> = {}
  for (const [name, property] of orderedFields(schema)) {
    const text = String(typed.get(`${prefix}${name}`) ?? '').trim()
    if (text === '') continue
    if (isNumber(property)) args[name] = Number.isNaN(Number(text)) ? text : Number(text)
    else if (isOf(property, 'boolean')) args[name] = text === 'true'
    else if (isOf(property, 'object') || isOf(property, 'array')) args[name] = jsonOr(text)
    else args[name] = text
  }
  return args
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
