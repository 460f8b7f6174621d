import { InProject } from '../project/in-project.tsx'
import { useMay } from '../session/session.ts'
import { Calendar } from './calendar.tsx'
import { DeleteProject } from './delete-project.tsx'
import { General } from './general.tsx'
import { Integration } from './integration.tsx'
import { WipLimits } from './limits.tsx'
import { SprintsOfRuns } from './sprints-of-runs.tsx'
import './settings.css'

export function SettingsPage({ slug }: { slug: string }) {
  const mayPlan = useMay('plan')
  return (
    <InProject
      slug={slug}
      title="Settings"
      intro={mayPlan ? undefined : 'Members and admins change them.'}
    >
      {(project) => (
        <div className="settings">
          <General key={`general ${project.id}`} project={project} />
          <Calendar key={`calendar ${project.id}`} project={project} />
          <WipLimits key={`limits ${project.id}`} project={project} />
          <SprintsOfRuns key={`runs ${project.id}`} project={project} />
          <Integration project={project} />
          <DeleteProject project={project} />
        </div>
      )}
    </InProject>
  )
}
