import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { TextForm } from '../../panels/text-form.tsx'
import { projectPeople } from '../../peek/people.ts'
import { sessionQuery } from '../../session/session.ts'
import { MenuItem, MenuList } from '../../ui/menu.tsx'
import type { PanelProps } from './questions.ts'

/** People who have cards here, nobody, or a name that is typed. */
export function AssigneePanel({ tasks, all, moves, heading, onDone, onLeave }: PanelProps) {
  const { data } = useQuery(sessionQuery)
  const [typing, setTyping] = useState(false)
  const assign = (assignee: string | null) => {
    onDone()
    moves.change(tasks, { assignee })
  }
  if (typing) {
    return (
      <TextForm
        label={heading}
        button="Assign"
        parse={(text) => (text === '' ? { wrong: 'Type a name.' } : { value: text })}
        onDone={assign}
      />
    )
  }
  const isAll = (name: string | null) => tasks.every(({ assignee }) => assignee === name)
  return (
    <MenuList heading={heading} onLeave={onLeave}>
      {projectPeople(all, data?.who?.name).map((name) => (
        <MenuItem key={name} checked={isAll(name)} onPick={() => assign(name)}>
          {name}
        </MenuItem>
      ))}
      <MenuItem checked={isAll(null)} onPick={() => assign(null)}>
        Nobody
      </MenuItem>
      <MenuItem onPick={() => setTyping(true)}>Somebody else…</MenuItem>
    </MenuList>
  )
}
