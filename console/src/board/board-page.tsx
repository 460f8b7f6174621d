import { OfSprint } from '../project/of-sprint.tsx'
import { Skeleton } from '../ui/states.tsx'
import { BoardSkeleton } from './board-skeleton.tsx'
import { BoardView } from './board-view.tsx'
import './board.css'
import './moving/drag.css'

export function BoardPage({ slug, code }: { slug: string; code: string }) {
  return (
    <OfSprint slug={slug} code={code} waiting={<Waiting code={code} />}>
      {(project, sprint) => <BoardView project={project} sprint={sprint} />}
    </OfSprint>
  )
}

function Waiting({ code }: { code: string }) {
  return (
    <div className="board-page">
      <div className="sprint-head">
        <h1 className="hidden">{code}</h1>
        <Skeleton lines={3} label="Loading the sprint" />
      </div>
      <BoardSkeleton />
    </div>
  )
}
