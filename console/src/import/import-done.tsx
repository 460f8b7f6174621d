import { useEffect, useRef } from 'react'
import type { ImportReport, Project, Sprint } from '../api/types.ts'
import { count } from '../format/words.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'

interface ImportDoneProps {
  project: Project
  report: ImportReport
  sprints: readonly Sprint[]
  onClose: () => void
}

export function ImportDone({ project, report, sprints, onClose }: ImportDoneProps) {
  const told = useRef<HTMLParagraphElement>(null)
  useEffect(() => told.current?.focus(), [])
  const sprint = sprints.find(({ id }) => id === report.sprint_id)
  const { created, updated, unchanged, moved, archived, conflicts, skipped } = report
  return (
    <div className="import-preview">
      <p ref={told} tabIndex={-1}>
        {count(report.recognised, 'task')} read into {sprint?.name ?? 'the backlog'}: {created} new,{' '}
        {updated} changed, {unchanged} unchanged
        {moved > 0 && `, ${moved} taken out of the backlog`}
        {archived.length > 0 && `, ${archived.length} archived`}.
        {skipped.length > 0 && ` ${count(skipped.length, 'line')} not taken.`}
      </p>
      {conflicts.length > 0 && (
        <p>
          {count(conflicts.length, 'conflict')} recorded:{' '}
          <Link to={paths.conflicts(project.slug)} onClick={onClose}>
            look at both sides
          </Link>
          .
        </p>
      )}
      <div className="form-end">
        {sprint && (
          <Link className="button" to={paths.board(project.slug, sprint.code)} onClick={onClose}>
            Open the board
          </Link>
        )}
        <button type="button" className="button button-main" onClick={onClose}>
          Done
        </button>
      </div>
    </div>
  )
}
