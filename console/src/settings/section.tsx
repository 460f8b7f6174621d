import { type ReactNode, useRef } from 'react'
import { Form } from '../form/form.tsx'
import { useMay } from '../session/session.ts'
import type { Saving } from './use-save.ts'

interface SectionProps {
  id: string
  title: string
  intro: ReactNode
  children: ReactNode
}

/** A part of the settings: what it is about, and beside it what can be set. */
export function Section({ id, title, intro, children }: SectionProps) {
  return (
    <section className="settings-section" aria-labelledby={id}>
      <div className="settings-about">
        <h2 id={id}>{title}</h2>
        <p>{intro}</p>
      </div>
      <div className="settings-what">{children}</div>
    </section>
  )
}

interface FormSectionProps extends SectionProps {
  saving: Saving
  /** The API's names of the fields within. */
  fields: readonly string[]
  /** The same for those who may not change it. */
  facts: readonly (readonly [label: string, value: ReactNode])[]
}

/** A part that those who may plan change, and everybody else reads. */
export function FormSection({ saving, fields, facts, children, ...about }: FormSectionProps) {
  const mayPlan = useMay('plan')
  const what = useRef<HTMLDivElement>(null)
  const { form, typed, isTouched } = saving
  const drop = () => {
    typed.drop()
    // The button goes with what it dropped.
    what.current?.querySelector('input')?.focus()
  }
  return (
    <Section {...about}>
      {mayPlan ? (
        <div ref={what} className={isTouched ? undefined : 'settings-untouched'}>
          <Form
            form={form}
            submit="Save"
            fields={fields}
            {...(isTouched ? { onCancel: drop } : {})}
          >
            {children}
          </Form>
        </div>
      ) : (
        <dl className="settings-facts">
          {facts.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  )
}
