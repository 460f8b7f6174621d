/** What a client tells its model of this server before anything is called. */
export const instructions = `DevGodzilla keeps the sprints and tasks that you work on, and remembers what was done in which session.
Begin with orchestration_agent_init: with command "AGENT INIT S:<sprint code>", "AGENT INIT T:<task code>", or "AGENT INIT SESSION:<key>" to go on with a session. It answers what you need to know, what to do next, and a session_key: pass that to every further call that changes something.
Wherever an id is asked for, a code (of a sprint or task) or a slug (of a project) does as well. Lists are paged: pass next_cursor as cursor for more. A refusal says what to do instead; call again with that.`
