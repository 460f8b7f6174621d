import { storiesOf, titleOf, wishesOf } from './request_stories.ts'

/** A spec.md in SpecKit's structure, from the sentences of a request and nothing else. */
export function writtenSpec(request: string, folder: string): string {
  const wishes = wishesOf(request)
  const stories = storiesOf(wishes)
  const [first] = stories
  if (!first) throw new Error('feature_request has no words in it: say what the feature should do')
  return `# Feature Specification: ${titleOf(first.wish, 60)}

**Feature**: \`${folder.split('/').at(-1)}\`
**Status**: Draft
**Input**: User description: "${wishes
    .map((wish) => wish.replace(/[^.!?。！？]$/u, '$&.'))
    .join(' ')
    .replaceAll('"', "'")}"

Written by rule from the request, without a model: every story is one of its sentences. Read it
before you build on it.

## User Scenarios & Testing

${stories
  .map(
    ({
      number,
      title,
      priority,
      wish,
    }) => `### User Story ${number} - ${title} (Priority: ${priority})

${wish}

**Why this priority**: it is number ${number} of ${stories.length} in the request.

**Independent Test**: with this story alone built, a user sees that it holds: ${title}.

**Acceptance Scenarios**:

1. **Given** the product with this story, **When** a user does what it says, **Then** it holds: ${title}.
2. **Given** input that makes no sense here, **When** a user gives it, **Then** they are told why, and nothing changes.
`,
  )
  .join('\n')}
### Edge Cases

- What happens when there is nothing to show or to work on yet?
- What happens when two users do the same at the same moment?
- What happens when it fails half way?

## Requirements

### Functional Requirements

${wishes.map((wish, at) => `- **FR-${digits(at + 1)}**: ${wish}`).join('\n')}

## Success Criteria

### Measurable Outcomes

${stories
  .map(
    ({ number, title }) =>
      `- **SC-${digits(number)}**: every acceptance scenario of story ${number} passes: ${title}.`,
  )
  .join('\n')}

## Assumptions

- What the request does not mention stays as it is.
`
}

const digits = (number: number) => String(number).padStart(3, '0')
