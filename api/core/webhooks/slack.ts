import type { StoredEvent } from '../entities/event.ts'
import { type EventNames, tellingIn } from '../events/sentence.ts'
import { oneLine, shortened } from '../one-line.ts'

/** A message of Slack's incoming webhooks: `text` is what a notification shows. */
export interface SlackMessage {
  text: string
  blocks: { type: string; [field: string]: unknown }[]
}

/** One line about an event, and below it where, by whom and when. */
export function slackMessage(event: StoredEvent, names: EventNames): SlackMessage {
  const text = lineOf(event, names)
  const seconds = Math.floor(Date.parse(event.emitted_at) / 1000)
  const about = [
    names.project === null ? null : plain(names.project),
    plain(event.actor),
    `<!date^${seconds}^{date_short_pretty} {time}|${event.emitted_at}>`,
  ]
  return {
    text,
    blocks: [
      { type: 'section', text: mrkdwn(text) },
      { type: 'context', elements: [mrkdwn(about.filter((it) => it !== null).join(' · '))] },
    ],
  }
}

/** Verbatim: Slack makes no links, channels or people of what the text happens to contain. */
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: true })

/** Slack takes 3,000 characters of text in a block. */
const longest = 500

/** Any text as Slack shows it: the three characters that mean something to it, escaped. */
export function plain(text: string): string {
  const line = shortened(oneLine(text), longest)
  return line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
/** The same in bold, without the stars that would end it. */
const bold = (text: string) => `*${plain(text).replaceAll('*', '∗')}*`

const lineOf = tellingIn({ text: plain, name: bold })
