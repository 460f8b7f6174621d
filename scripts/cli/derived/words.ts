import type { Command } from '../../../api/commands/command.ts'

/** The words that a command is called by. */
export const wordsOf = ({ cli = '' }: Command) => cli.split(' ').filter((it) => /^[\w-]+$/.test(it))

/** Fields that are arguments, each as help shows it: those in brackets. */
export const spokenOf = ({ cli = '' }: Command) =>
  new Map(
    cli
      .split(' ')
      .filter((it) => /^[[<]/.test(it))
      .map((it) => [it.replaceAll(/[^\w]/g, ''), it]),
  )
