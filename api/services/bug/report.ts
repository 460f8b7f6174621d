import { reportBug as command } from '../../commands/bugs.ts'
import { bugDescription, bugPath, bugPathStart } from '../../core/delegation/render-bug.ts'
import { bugPaths, insertBug } from '../../store/bugs.ts'
import { mutation } from '../mutation.ts'
import { impliedProject } from '../project/implied.ts'
import { makeTask } from '../task/create.ts'

export const reportBug = mutation(command, async (work, input) => {
  const { project_id, sprint_id = null, title, priority, ...said } = input
  const { component = null, effort = null, ...details } = said
  const project = await impliedProject(work.tx, project_id, { sprint_id, session: work.session })
  const task = await makeTask(work, {
    ...{ project_id: project.id, sprint_id, type: 'bug', title, priority },
    description: bugDescription(details),
    acceptance_criteria: details.expected.trim() === '' ? [] : [details.expected.trim()],
  })
  // Taking the task's number has locked the project, so nobody else takes this name meanwhile.
  const path = bugPath(title, await bugPaths(work.tx, project.id, bugPathStart(title)))
  await insertBug(work.tx, { task_id: task.id, project_id: project.id, path, component, effort })
  await work.record({
    type: 'bug.reported',
    entity_type: 'task',
    entity_id: task.id,
    project_id: project.id,
    sprint_id,
    payload: { code: task.code, title, priority, path, component, effort },
  })
  return { ...task, path, component, effort }
})
