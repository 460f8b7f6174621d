import { useState } from 'react'

/** Fields of a form as text: a box ticked is `yes`, several of them their values with commas. */
export type Texts = Readonly<Record<string, string>>

interface Typed {
  text: string
  /** What the field said when the typing began. */
  base: string
}

export type TypedFields = ReturnType<typeof useTyped>

/** Fields while somebody types: what they have not touched follows `now`, what they have stays. */
export function useTyped(now: Texts) {
  const [typed, setTyped] = useState<Readonly<Record<string, Typed>>>({})
  const current = (name: string) => now[name] ?? ''
  return {
    text: (name: string) => typed[name]?.text ?? current(name),
    type: (name: string, text: string) =>
      setTyped((all) => ({ ...all, [name]: { text, base: all[name]?.base ?? current(name) } })),
    /** What somebody else has put there since; undefined where nobody has. */
    theirs(name: string): string | undefined {
      const mine = typed[name]
      const theirs = current(name)
      return mine && mine.base !== theirs && mine.text !== theirs ? theirs : undefined
    },
    takeTheirs: (name: string) =>
      setTyped((all) => Object.fromEntries(Object.entries(all).filter(([it]) => it !== name))),
    /** What is other than `now`, as typed. */
    changed: (): Texts =>
      Object.fromEntries(
        Object.entries(typed)
          .filter(([name, { text }]) => text !== current(name))
          .map(([name, { text }]) => [name, text]),
      ),
    /** What was sent is saved; what was typed meanwhile stays. */
    saved: (sent: Texts) =>
      setTyped((all) =>
        Object.fromEntries(Object.entries(all).filter(([name, { text }]) => text !== sent[name])),
      ),
    drop: () => setTyped({}),
  }
}
