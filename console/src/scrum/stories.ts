import type { Task } from '../api/types.ts'

type Labelled = Pick<Task, 'labels'>

/** Labels by which an import names user stories, such as `US1`, or `US1/US2` of a card of two. */
export const storyLabelsOf = ({ labels }: Labelled): string[] =>
  labels.filter((label) => /^US\d+(?:\/US\d+)*$/i.test(label))

/** The user stories a card belongs to, the first one first. */
export const storiesOf = (task: Labelled): string[] =>
  storyLabelsOf(task).flatMap((label) => label.toUpperCase().split('/'))
