import { readdir } from 'node:fs/promises'
import { storiesIn, titleIn } from './request_stories.ts'

/** Where a project keeps its code, as far as its top folder tells. */
export interface Layout {
  language: string
  source: string
  tests: string
  /** Of a source file, and of a test. */
  endings: [string, string]
}

const unknown: Layout = {
  language: 'NEEDS CLARIFICATION: nothing at the top of the repository tells',
  ...{ source: 'src', tests: 'tests', endings: ['.md', '.md'] },
}

const layouts: Record<string, Layout> = {
  'tsconfig.json': {
    language: 'TypeScript',
    ...{ source: 'src', tests: 'test', endings: ['.ts', '.test.ts'] },
  },
  'package.json': {
    language: 'JavaScript',
    ...{ source: 'src', tests: 'test', endings: ['.js', '.test.js'] },
  },
  'pyproject.toml': {
    language: 'Python',
    ...{ source: 'src', tests: 'tests', endings: ['.py', '_test.py'] },
  },
  'go.mod': {
    language: 'Go',
    ...{ source: 'internal', tests: 'internal', endings: ['.go', '_test.go'] },
  },
  'Cargo.toml': {
    language: 'Rust',
    ...{ source: 'src', tests: 'tests', endings: ['.rs', '.rs'] },
  },
}

export async function layoutOf(root: string): Promise<Layout> {
  const there = new Set(await readdir(root))
  const known = Object.keys(layouts).find((name) => there.has(name))
  const layout = (known && layouts[known]) || unknown
  const tests = ['test', 'tests'].find((name) => there.has(name))
  return tests && layout.tests !== layout.source ? { ...layout, tests } : layout
}

/** The name of a feature without its number, as a folder of code. */
export const moduleOf = (folder: string): string =>
  (folder.split('/').at(-1) ?? '').replace(/^(\d{8}-\d{6}|\d+)-/, '') || 'feature'

/** A plan.md in SpecKit's structure, from a spec.md and where the project keeps its code. */
export function writtenPlan(spec: string, folder: string, layout: Layout): string {
  const module = moduleOf(folder)
  return `# Implementation Plan: ${titleIn(spec)}

**Feature**: \`${folder.split('/').at(-1)}\` | **Spec**: [spec.md](./spec.md)

Written by rule from spec.md, without a model.

## Summary

${storiesIn(spec)
  .map(({ number, title, priority }) => `- Story ${number} (${priority}): ${title}`)
  .join('\n')}

## Technical Context

**Language/Version**: ${layout.language}
**Primary Dependencies**: those the project has; a new one needs a reason in research.md
**Storage**: as the project has it
**Testing**: one test file per story, in \`${layout.tests}/${module}/\`

## Constitution Check

Each story is built and shown by itself, in the order of its priority; nothing is built that no
story asks for. Check it against \`.specify/memory/constitution.md\` where the project has one.

## Project Structure

### Documentation (this feature)

\`\`\`text
${folder}/
├── spec.md
├── plan.md
└── tasks.md
\`\`\`

### Source Code

\`\`\`text
${[...new Set([layout.source, layout.tests])].map((path) => `${path}/${module}/`).join('\n')}
\`\`\`

**Structure Decision**: a folder for the feature beside the project's others, so that a story can be
taken away as easily as it came.
`
}
