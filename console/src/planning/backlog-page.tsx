import { useState } from 'react'
import { OfProject } from '../project/in-project.tsx'
import { createSelection, SelectionContext } from '../scrum/selection.ts'
import { BacklogView } from './backlog-view.tsx'
import './planning.css'

/** Backlog and open sprints of a project side by side. */
export function BacklogPage({ slug }: { slug: string }) {
  const [selection] = useState(createSelection)
  return (
    <OfProject slug={slug} title="Backlog">
      {(project) => (
        <SelectionContext value={selection}>
          <BacklogView project={project} selection={selection} />
        </SelectionContext>
      )}
    </OfProject>
  )
}
