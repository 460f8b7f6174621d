import type { BoardStatus } from '../../../../api/core/entities/task.ts'
import type { ChartEvent, ChartEventType } from '../../../../api/core/metrics/chart-event.ts'

const blank = {
  from_status: null,
  board_status: null,
  skipped: false,
  story_points: null,
  started_at: null,
  completed_at: null,
  end_date: null,
}
const sprint = 7

/** Writes a history down in few words; moments are RFC 3339 in UTC. */
export function history() {
  const events: ChartEvent[] = []
  const cards = new Map<number, { status: BoardStatus; points: number | null; work: Work }>()
  type Work = { started_at: string | null; completed_at: string | null }

  const tell = (at: string, type: ChartEventType, entity_id: number, told: Partial<ChartEvent>) => {
    events.push({ ...blank, type, entity_id, at: Date.parse(at), ...told })
    return story
  }
  const enter = (at: string, status: BoardStatus, before?: Work): Work => ({
    started_at: ['backlog', 'todo'].includes(status) ? null : (before?.started_at ?? at),
    completed_at: status === 'done' ? at : null,
  })
  const story = {
    events,
    create(at: string, id: number, points: number | null, status: BoardStatus = 'todo') {
      const work = enter(at, status)
      cards.set(id, { status, points, work })
      return tell(at, 'task.created', id, { board_status: status, story_points: points, ...work })
    },
    move(at: string, id: number, to: BoardStatus, skipped = false) {
      const card = cards.get(id)
      const work = enter(at, to, card?.work)
      const points = card?.points ?? null
      const from_status = card?.status ?? null
      cards.set(id, { status: to, points, work })
      const told = { from_status, board_status: to, skipped, story_points: points, ...work }
      return tell(at, 'task.status_changed', id, told)
    },
    estimate(at: string, id: number, points: number | null) {
      const card = cards.get(id)
      if (card) card.points = points
      return tell(at, 'task.estimated', id, { story_points: points })
    },
    add(at: string, id: number, points: number | null, status: BoardStatus = 'todo') {
      const work = cards.get(id)?.work ?? enter(at, status)
      cards.set(id, { status, points, work })
      const told = { board_status: status, story_points: points, ...work }
      return tell(at, 'task.added_to_sprint', id, told)
    },
    remove: (at: string, id: number) =>
      tell(at, 'task.removed_from_sprint', id, { story_points: cards.get(id)?.points ?? null }),
    start: (at: string, end_date: string | null = null, started_at = at) =>
      tell(at, 'sprint.started', sprint, { started_at, end_date }),
    close: (at: string) => tell(at, 'sprint.completed', sprint, {}),
    reopen: (at: string) => tell(at, 'sprint.reopened', sprint, {}),
  }
  return story
}
