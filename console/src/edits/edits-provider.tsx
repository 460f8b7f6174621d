import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { useActions } from '../actions/actions.ts'
import { keyName } from '../actions/key-name.ts'
import { isField, isMac, somethingIsOpen } from '../actions/keys.ts'
import type { Me } from '../api/types.ts'
import { live } from '../live/use-events.ts'
import { createEdits, type Edits } from './edits.ts'
import { EditsContext } from './use-edits.ts'

let current: Edits | undefined

/** The edits of this window go on where a page left them, as long as the same person is here. */
function editsOf(client: QueryClient, { name, role }: Me): Edits {
  const person = `${name} ${role}`
  if (current?.person !== person) {
    current?.outbox.halt()
    current = createEdits(client, person)
  }
  return current
}

/** Nothing stays for whoever comes next. */
export function forgetEdits(): void {
  current?.forget()
  current = undefined
}

interface EditsProviderProps {
  who: Me
  /** The session is over: what is edited waits until somebody has signed in again. */
  ended: boolean
  children: ReactNode
}

/** Around all pages: sends what is edited in them, and keeps what could not be sent. */
export function EditsProvider({ who, ended, children }: EditsProviderProps) {
  const client = useQueryClient()
  const [edits] = useState(() => editsOf(client, who))
  useEffect(() => {
    if (!ended) edits.outbox.resume()
  }, [edits, ended])
  useEffect(() => {
    edits.start()
    let before = live.status().state
    return live.watch(() => {
      const { state } = live.status()
      if (state === 'live' && before !== 'live') edits.outbox.wake()
      before = state
    })
  }, [edits])
  useLeaveWarning(edits)
  useUndoKeys(edits)
  return <EditsContext value={edits}>{children}</EditsContext>
}

/**
 * The browser asks before a page with unsent edits is left; they are kept in the tab besides, which
 * what is still being typed is not.
 */
function useLeaveWarning({ outbox }: Edits): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      const isTyping = document.querySelector('[data-touched]') !== null
      if (isTyping || outbox.state().entries.length > 0) event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [outbox])
}

const undoKeys = ['Mod+Z']
const redoKeys = ['Mod+Shift+Z', 'Mod+Y']

/** A field undoes its own typing. */
const isTaken = ({ target, defaultPrevented }: KeyboardEvent) =>
  defaultPrevented || somethingIsOpen() || isField(target)

function useUndoKeys({ undo, redo }: Edits): void {
  useActions([
    {
      id: 'edits.undo',
      title: 'Undo the last edit',
      group: 'Edit',
      keys: undoKeys,
      local: true,
      run: () => undo(),
    },
    {
      id: 'edits.redo',
      title: 'Do it again',
      group: 'Edit',
      keys: redoKeys,
      local: true,
      run: () => redo(),
    },
  ])
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isTaken(event)) return
      const name = keyName(event, isMac) ?? ''
      const wanted = undoKeys.includes(name) ? undo : redoKeys.includes(name) ? redo : null
      if (wanted === null) return
      event.preventDefault()
      wanted()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [undo, redo])
}
