import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useActions } from '../actions/actions.ts'
import { Problem } from '../api/problem.ts'
import { request } from '../api/request.ts'
import { Ask } from '../form/ask.tsx'
import { sessionQuery } from '../session/session.ts'
import { announce } from '../ui/announcer.tsx'
import { toast } from '../ui/toasts.tsx'
import type { Verb } from './run-verbs.ts'

interface VerbButtonsProps {
  /** What they are done to, such as `step “Build”`. */
  what: string
  /** Where the palette lists them. */
  group: string
  /** `/protocols/3` or `/steps/7`. */
  path: string
  verbs: readonly Verb[]
}

/** The buttons of what can be done now, for whom it would not be refused. */
export function VerbButtons({ what, group, path, verbs }: VerbButtonsProps) {
  const client = useQueryClient()
  const scopes = client.getQueryData(sessionQuery.queryKey)?.who?.scopes ?? []
  const [asked, setAsked] = useState<Verb | null>(null)
  const carryOut = (verb: Verb, reason?: string, idempotencyKey?: string) =>
    request('POST', `${path}/actions/${verb.action}`, {
      body: reason === undefined ? {} : { reason },
      ...(idempotencyKey && { idempotencyKey }),
    })
  const buttons = useRef<HTMLDivElement>(null)
  const pressed = useRef(false)
  const offered = verbs.map(({ id }) => id).join(' ')
  useEffect(() => {
    // What was pressed may be gone: the focus stays among what can be done next.
    if (!pressed.current || offered === '') return
    pressed.current = false
    if (document.activeElement !== document.body) return
    buttons.current?.querySelector('button')?.focus()
  }, [offered])
  const done = (verb: Verb) => {
    pressed.current = true
    announce(`${plain(verb)}: ${what}`)
    void client.invalidateQueries({ queryKey: ['protocols'] })
  }
  const { mutate, isPending } = useMutation({
    mutationFn: (verb: Verb) => carryOut(verb),
    onSuccess: (_, verb) => done(verb),
    onError: (error, verb) => {
      const { rule, unreachable = false } = error instanceof Problem ? error : {}
      toast({
        tone: 'bad',
        title: `${plain(verb)}: ${unreachable ? 'no answer' : 'refused'}`,
        detail: unreachable
          ? `${error.message} It may have been done: look here once the server is back.`
          : error.message,
        ...(rule && { rule }),
      })
    },
  })
  const may = verbs.filter(({ scope }) => scopes.includes(scope))
  const pick = (verb: Verb) => {
    if (verb.ask) setAsked(verb)
    else if (!isPending) mutate(verb)
  }
  useActions(
    may.map((verb) => ({
      id: `${path}.${verb.id}`,
      title: `${plain(verb)}: ${what}`,
      group,
      run: () => pick(verb),
    })),
  )
  if (may.length === 0) return null
  return (
    <div className="verbs" ref={buttons}>
      {may.map((verb) => (
        <button
          key={verb.id}
          type="button"
          className={`button ${verb.main ? 'button-main' : ''}`}
          aria-disabled={isPending}
          // The second click of a double one would meet what stands here by then.
          onClick={({ detail }) => detail < 2 && pick(verb)}
        >
          {verb.title}
        </button>
      ))}
      {asked?.ask && (
        <Ask
          title={`${plain(asked)}: ${what}`}
          submit={plain(asked)}
          {...(asked.ask.reason && { reason: asked.ask.reason })}
          act={async (reason, key) => {
            await carryOut(asked, reason, key)
            done(asked)
          }}
          onClose={() => setAsked(null)}
        >
          <p>{asked.ask.text}</p>
        </Ask>
      )}
    </div>
  )
}

const plain = ({ title }: Verb) => title.replace('…', '')
