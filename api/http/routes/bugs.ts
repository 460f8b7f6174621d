import { reportBug } from '../../services/bug/report.ts'

export const bugs = [reportBug]
