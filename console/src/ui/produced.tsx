import type { Artifact } from '../api/types.ts'
import { count } from '../format/words.ts'
import './produced.css'

/** Of one text, in characters. */
const longest = 20_000

/** Only addresses that a browser opens safely become links. */
export const isWeb = (uri: string | null): uri is string =>
  uri !== null && /^https?:\/\//i.test(uri)

/** What steps have produced: texts to open in place, addresses to follow. */
export function Produced({ artifacts }: { artifacts: readonly Artifact[] }) {
  return (
    <ul className="produced">
      {artifacts.map((artifact) => (
        <li key={artifact.id}>
          <One {...artifact} />
        </li>
      ))}
    </ul>
  )
}

function One({ name, uri, content, attempt }: Artifact) {
  const link = isWeb(uri) && (
    <a href={uri} rel="noreferrer" target="_blank">
      {content === null ? name : 'Open'}
    </a>
  )
  const which = attempt > 1 && <span className="produced-attempt">attempt {attempt}</span>
  if (content === null) {
    return (
      <p>
        {link || name} {which}
      </p>
    )
  }
  return (
    <details>
      <summary>
        {name} {which}
      </summary>
      {link}
      <pre>
        {content.slice(0, longest)}
        {content.length > longest && `\n… ${count(content.length - longest, 'character')} more`}
      </pre>
    </details>
  )
}
