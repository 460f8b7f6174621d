import { nearestOf } from '../nearest.ts'
import { defaultTemplates, type TemplateKind, templateKinds } from './default-templates.ts'
import type { Problem } from './fields.ts'
import {
  compiled,
  type Prepared,
  type Rendered,
  TemplateProblem,
  type TemplateSource,
} from './render.ts'

const folder = 'delegation/.templates/'

/**
 * What a project's own templates may take together (ms), at first and for each rendering: one sync
 * renders thousands of files, and nothing else is answered meanwhile.
 */
const budget = { once: 3000, each: 5 }
const kinds = Object.keys(templateKinds) as TemplateKind[]

interface NamedTemplate extends TemplateSource {
  template: string
  kind: TemplateKind
}

/**
 * The templates among the files of `delegation/.templates/`: `TASK.md.liquid` there, or in a folder
 * that gives its name to a set; the ending .liquid may be left out.
 */
export function namedTemplates(files: readonly TemplateSource[]): NamedTemplate[] {
  return files.flatMap((file) => {
    const [set, name] = file.path.slice(folder.length).split('/')
    const own = name === undefined ? set : name
    const kind = kinds.find((it) => own?.replace(/\.liquid$/, '') === templateKinds[it])
    if (!file.path.startsWith(folder) || kind === undefined || set === undefined) return []
    return [{ ...file, kind, template: name === undefined ? 'default' : set }]
  })
}

/** Ours, of the kinds that we have. */
export const builtIn: readonly NamedTemplate[] = Object.entries(defaultTemplates).map(
  ([kind, text]) => ({
    template: 'default',
    kind: kind as TemplateKind,
    path: `built in ${templateKinds[kind as TemplateKind]}`,
    text,
  }),
)

/** The templates of a project: its own before ours, those of a set before those of the default. */
export class TemplateSets {
  readonly #known: readonly NamedTemplate[]
  readonly #prepared = new Map<NamedTemplate, Prepared>()
  readonly #each: number
  #left: number

  constructor(own: readonly TemplateSource[], { once, each }: typeof budget = budget) {
    this.#left = once
    this.#each = each
    this.#known = [...namedTemplates(own), ...builtIn]
  }

  /** Changes with any of them. */
  get key(): string {
    return JSON.stringify(this.#known.map(({ path, text }) => [path, text]))
  }

  get names(): string[] {
    return [...new Set(this.#known.map((it) => it.template))]
  }

  /** The names that are spelled almost so. */
  near(name: string): string[] {
    return nearestOf(name, this.names, 3)
  }

  /** @throws TemplateProblem where it cannot be read */
  of(kind: TemplateKind, set: string): Prepared {
    const those = this.#known.filter((it) => it.kind === kind)
    const found =
      those.find((it) => it.template === set) ?? those.find((it) => it.template === 'default')
    if (!found) throw new Error(`there is no template of a ${kind}`)
    return this.#prepare(found)
  }

  /** Our own, whatever the project has. */
  plain(kind: 'sprint' | 'task' | 'agent'): Prepared {
    return this.#prepare(builtIn.find((it) => it.kind === kind) as NamedTemplate)
  }

  /** What is wrong with the syntax of the project's own. */
  problems(): Problem[] {
    return this.#known.flatMap((it) => {
      try {
        this.#prepare(it)
        return []
      } catch (error) {
        if (error instanceof TemplateProblem) return [error.problem]
        throw error
      }
    })
  }

  #prepare(template: NamedTemplate): Prepared {
    const known = this.#prepared.get(template)
    if (known) return known
    const render = compiled(template, template.kind === 'agent' ? 'yaml' : 'markdown')
    const within = builtIn.includes(template) ? render : this.#withinBudget(template.path, render)
    const prepared = { path: template.path, render: within }
    this.#prepared.set(template, prepared)
    return prepared
  }

  #withinBudget(path: string, render: Rendered): Rendered {
    return (variables) => {
      if (this.#left < 0) {
        const message = 'the templates of this project take too long: make them simpler'
        throw new TemplateProblem({ path, line: 1, column: 1, message })
      }
      const began = performance.now()
      try {
        return render(variables)
      } finally {
        this.#left += this.#each - (performance.now() - began)
      }
    }
  }
}
