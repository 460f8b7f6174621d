import { evidenceOf, groupBy, plainTitle } from './evidence.ts'
import type { Alone, Evidence, StepFact, TaskFact } from './facts.ts'

export interface TaskMatch extends Evidence {
  step: StepFact
  task: TaskFact
}

/**
 * Which task belongs to which step of one run, one to one: by values that name the other side,
 * then by equal titles; several of one title are told apart by their order.
 */
export function matchTasks(
  steps: readonly StepFact[],
  tasks: readonly TaskFact[],
): { matches: TaskMatch[]; alone: Alone[] } {
  const left = {
    steps: new Set(steps.filter((step) => step.taskLink === null)),
    tasks: new Set(tasks.filter((task) => task.stepLink === null)),
  }
  const alone: Alone[] = []
  const named = matchNamed(left, alone)
  const matches = [...named, ...matchTitles(left, alone)]
  for (const step of left.steps) {
    const why = 'No card has its title; it gets one of its own when the run is synced.'
    alone.push({ table: 'step_runs', id: step.id, name: step.name, why })
  }
  for (const task of left.tasks) {
    const why = 'No step of the run has its title; it stays a card of its own.'
    alone.push({ table: 'tasks', id: task.id, name: task.title, why })
  }
  return { matches: matches.sort((one, other) => one.step.index - other.step.index), alone }
}

interface Left {
  steps: Set<StepFact>
  tasks: Set<TaskFact>
}

function take(left: Left, step: StepFact, task: TaskFact): void {
  left.steps.delete(step)
  left.tasks.delete(task)
}

const unclear = (left: Left, alone: Alone[], steps: StepFact[], tasks: TaskFact[], why: string) => {
  for (const step of steps) {
    left.steps.delete(step)
    alone.push({ table: 'step_runs', id: step.id, name: step.name, why })
  }
  for (const task of tasks) {
    left.tasks.delete(task)
    alone.push({ table: 'tasks', id: task.id, name: task.title, why })
  }
}

/** Pairs where one side names the other, and no third one contradicts. */
function matchNamed(left: Left, alone: Alone[]): TaskMatch[] {
  const stepById = new Map([...left.steps].map((step) => [step.id, step]))
  const taskById = new Map([...left.tasks].map((task) => [task.id, task]))
  const pairs = new Map<string, { step: StepFact; task: TaskFact }>()
  const pair = (step: StepFact | undefined, task: TaskFact | undefined) => {
    if (step && task) pairs.set(`${step.id} ${task.id}`, { step, task })
  }
  for (const task of left.tasks) if (task.stepClaim) pair(stepById.get(task.stepClaim), task)
  for (const step of left.steps) if (step.taskClaim) pair(step, taskById.get(step.taskClaim))
  const ofStep = groupBy([...pairs.values()], (it) => it.step)
  const ofTask = groupBy([...pairs.values()], (it) => it.task)

  const matches: TaskMatch[] = []
  for (const { step, task } of pairs.values()) {
    const mutual = step.taskClaim === task.id && task.stepClaim === step.id
    const alike = plainTitle(step.name) === plainTitle(task.title)
    const sole = ofStep.get(step)?.length === 1 && ofTask.get(task)?.length === 1
    if (!sole && !mutual) continue
    take(left, step, task)
    const signs = [
      {
        weight: 0.95,
        says:
          task.stepClaim === step.id
            ? `the task names step ${step.id}`
            : `the step names task ${task.id}`,
      },
      ...(mutual ? [{ weight: 0.9, says: 'each names the other' }] : []),
      ...(alike ? [{ weight: 0.8, says: 'they have the same title' }] : []),
    ]
    matches.push({ step, task, ...evidenceOf(signs) })
  }
  for (const [step, rivals] of ofStep) {
    const tasks = rivals.map((it) => it.task).filter((task) => left.tasks.has(task))
    if (!left.steps.has(step) || tasks.length < 2) continue
    const same = tasks.filter((task) => plainTitle(task.title) === plainTitle(step.name))
    const [only] = same
    if (only && same.length === 1) {
      take(left, step, only)
      const says = `the task names step ${step.id}, as others do, and has its title`
      matches.push({ step, task: only, ...evidenceOf([{ weight: 0.8, says }]) })
      continue
    }
    const why = `Ambiguous: tasks ${tasks.map((it) => it.id).join(', ')} all name step ${step.id}.`
    unclear(left, alone, [step], tasks, why)
  }
  return matches
}

function matchTitles(left: Left, alone: Alone[]): TaskMatch[] {
  const matches: TaskMatch[] = []
  const steps = groupBy([...left.steps], (step) => plainTitle(step.name) || null)
  const tasks = groupBy([...left.tasks], (task) => plainTitle(task.title) || null)
  for (const [title, ofTitle] of steps) {
    const cards = tasks.get(title)
    if (!cards) continue
    if (cards.length !== ofTitle.length) {
      const why = `Ambiguous: ${ofTitle.length} steps and ${cards.length} tasks have this title.`
      unclear(left, alone, ofTitle, cards, why)
      continue
    }
    const inOrder = [...cards].sort((a, b) => a.position - b.position || a.id - b.id)
    const planned = [...ofTitle].sort((a, b) => a.index - b.index)
    const sign =
      ofTitle.length === 1
        ? { weight: 0.9, says: 'they have the same title' }
        : { weight: 0.7, says: 'they have the same title and the same place among those' }
    for (const [place, step] of planned.entries()) {
      const task = inOrder[place]
      if (!task) continue
      take(left, step, task)
      matches.push({ step, task, ...evidenceOf([sign]) })
    }
  }
  return matches
}
