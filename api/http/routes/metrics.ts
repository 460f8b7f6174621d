import { getProjectFlow, getSprintFlow } from '../../services/metrics/flow.ts'
import { getProjectForecast, getSprintForecast } from '../../services/metrics/forecast.ts'
import { getSprintBurndown, getSprintBurnup } from '../../services/metrics/sprint-charts.ts'
import { getProjectVelocity } from '../../services/metrics/velocity.ts'

export const charts = [
  getSprintBurndown,
  getSprintBurnup,
  getSprintFlow,
  getSprintForecast,
  getProjectVelocity,
  getProjectFlow,
  getProjectForecast,
]
