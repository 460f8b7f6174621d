import { exportSprintTasks as command } from '../../commands/specs.ts'
import type { Sprint } from '../../core/entities/sprint.ts'
import type { Task } from '../../core/entities/task.ts'
import { found, invalid } from '../../core/errors.ts'
import { generateTasks } from '../../core/speckit/generate-tasks.ts'
import { patchMarks } from '../../core/speckit/patch-marks.ts'
import { SpecKitError } from '../../core/speckit/speckit-error.ts'
import { specTexts } from '../../store/specs.ts'
import { findSprint } from '../../store/sprints.ts'
import { tasksOfSprint } from '../../store/tasks.ts'
import { query } from '../query.ts'
import { specFolder } from './path.ts'

/**
 * The texts last imported with today's ticks in them, and nothing else changed. The flow writes
 * them, if the file is still the one with `base_hash`.
 */
export const exportSprintTasks = query(command, async ({ db }, { sprint_id, output_path }) => {
  const sprint = found(await findSprint(db, sprint_id), 'sprint', sprint_id)
  // What a closed sprint has carried over was in it, and its marks are to be right as well.
  const carried = sprint.report?.carried_over.map((task) => task.task_id) ?? []
  const tasks = await tasksOfSprint(db, sprint_id, carried)
  const specs = await specTexts(db, [...new Set(tasks.flatMap((task) => task.spec_id ?? []))])
  const files = specs.flatMap((spec) =>
    spec.tasks_md === null ? [] : [patched({ ...spec, tasks_md: spec.tasks_md }, tasks)],
  )
  return {
    files: output_path === undefined ? files : [...files, fresh(sprint, tasks, output_path)],
  }
})

interface SpecText {
  id: number
  path: string
  tasks_md: string
  content_hash: string | null
}

function patched(spec: SpecText, tasks: readonly Task[]) {
  const wanted = tasks.flatMap((task) =>
    task.spec_id !== spec.id || task.external_id === null || task.board_status === 'archived'
      ? []
      : [
          {
            externalId: task.external_id,
            occurrence: task.occurrence ?? 1,
            done: task.board_status === 'done' && !task.skipped,
          },
        ],
  )
  const { text, changed, unpatchable } = patchMarks(spec.tasks_md, wanted)
  return {
    spec_id: spec.id,
    spec_path: `${spec.path}/tasks.md`,
    content: text,
    base_hash: spec.content_hash,
    changed: changed.map((key) => key.externalId),
    unpatchable: unpatchable.map(({ key, reason }) => ({ external_id: key.externalId, reason })),
  }
}

function fresh(sprint: Sprint, tasks: readonly Task[], outputPath: string) {
  const listed = tasks.filter((task) => task.board_status !== 'archived')
  try {
    const content = generateTasks({
      title: sprint.name,
      phases: [
        {
          title: sprint.goal ?? sprint.name,
          tasks: listed.map((task) => ({
            title: task.title,
            mark: task.board_status === 'done' ? ('done' as const) : ('open' as const),
            points: task.story_points,
            assignee: task.assignee,
            body: task.description,
          })),
        },
      ],
    })
    return {
      spec_id: null,
      spec_path: `${specFolder(outputPath)}/tasks.md`,
      content,
      base_hash: null,
      changed: [],
      unpatchable: [],
    }
  } catch (error) {
    if (error instanceof SpecKitError) throw invalid('output_path', error.code, error.message)
    throw error
  }
}
