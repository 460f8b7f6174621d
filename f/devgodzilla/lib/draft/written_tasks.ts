import { storiesIn, titleIn } from './request_stories.ts'
import { type Layout, moduleOf } from './written_plan.ts'

/** A tasks.md in SpecKit's grammar: for each story of a spec.md a test, then what makes it pass. */
export function writtenTasks(spec: string, folder: string, layout: Layout): string {
  const module = moduleOf(folder)
  const [ending, testEnding] = layout.endings
  const source = `${layout.source}/${module}`
  const tests = `${layout.tests}/${module}`
  let last = 0
  const next = () => `T${String(++last).padStart(3, '0')}`

  const setup = next()
  const shared = next()
  const stories = storiesIn(spec).map(({ number, title, priority, wish }) => {
    const [test, code] = [next(), next()]
    return `## Phase ${number + 2}: User Story ${number} - ${title} (Priority: ${priority})

**Goal**: ${wish}

**Independent Test**: ${tests}/story_${number}${testEnding} passes with this story alone built.

- [ ] ${test} [P] [US${number}] Test the acceptance scenarios of story ${number} in ${tests}/story_${number}${testEnding} (depends on ${shared})
- [ ] ${code} [US${number}] ${title} in ${source}/story_${number}${ending} (depends on ${test})

**Checkpoint**: story ${number} works and can be shown.
`
  })
  return `# Tasks: ${titleIn(spec)}

**Input**: \`${folder}/\` with spec.md and plan.md

## Phase 1: Setup

- [ ] ${setup} Make room for the feature in ${source}/README.md

## Phase 2: Foundational

- [ ] ${shared} Define what the stories share in ${source}/model${ending} (depends on ${setup})

**Checkpoint**: every story can begin.

${stories.join('\n')}
## Phase ${stories.length + 3}: Polish

- [ ] ${next()} Check each success criterion of spec.md and note the result in ${folder}/quickstart.md

## Dependencies & Execution Order

Setup, then what is shared; then the stories, each by itself, those of priority P1 first.
`
}
