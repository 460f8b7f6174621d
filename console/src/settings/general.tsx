import type { Project } from '../api/types.ts'
import { useMay } from '../session/session.ts'
import { FormSection } from './section.tsx'
import { TypedField } from './typed-field.tsx'
import { useSave } from './use-save.ts'
import type { Texts } from './use-typed.ts'

const orNull = (text: string) => text.trim() || null

const changes = ({ repo_url, local_path, ...others }: Texts) => ({
  ...others,
  ...(repo_url === undefined ? {} : { repo_url: orNull(repo_url) }),
  ...(local_path === undefined ? {} : { local_path: orNull(local_path) }),
})

/** What the project is called, and where its repository lies. */
export function General({ project }: { project: Project }) {
  const admin = useMay('admin')
  const { name, repo_url, local_path, default_branch } = project
  const saving = useSave({
    project,
    now: { name, repo_url: repo_url ?? '', local_path: local_path ?? '', default_branch },
    changes,
  })
  const { typed } = saving
  const facts = [
    ['Name', name],
    ['Address here', project.slug],
    ['Repository', repo_url ?? 'none'],
    ['Folder of the server', local_path ?? 'none'],
    ['Default branch', default_branch],
  ] as const
  return (
    <FormSection
      id="general"
      title="General"
      intro="The repository is where flows read and tick task files."
      saving={saving}
      fields={['name', 'repo_url', 'local_path', 'default_branch']}
      facts={facts}
    >
      <TypedField
        typed={typed}
        name="name"
        label="Name"
        hint={
          <>
            Addresses go on with <code>{project.slug}</code>.
          </>
        }
      />
      <TypedField
        typed={typed}
        name="repo_url"
        label="Repository"
        placeholder="https://github.com/you/repository.git"
        hint="Cloned over https or ssh by the flows; empty where there is none."
        spellCheck={false}
      />
      {admin ? (
        <TypedField
          typed={typed}
          name="local_path"
          label="Folder of the server"
          hint="A working tree beside the API, used instead of a clone; empty where there is none."
          spellCheck={false}
        />
      ) : (
        local_path && (
          <p className="settings-fact">
            Folder of the server: <code>{local_path}</code>, which an admin may change.
          </p>
        )
      )}
      <TypedField
        typed={typed}
        name="default_branch"
        label="Default branch"
        hint="What task files are read from and committed to."
        spellCheck={false}
      />
    </FormSection>
  )
}
