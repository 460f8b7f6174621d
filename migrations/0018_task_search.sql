-- Finding tasks by words of their title, code and id in the file, each by how it begins. Built in
-- text search: an extension such as pg_trgm may not be there. Punctuation separates, so that
-- `src/streaks/count.ts` is found by `count`, and no stemming is done: titles come in any language.
create function search_words(text) returns tsvector
  language sql immutable strict parallel safe
  return to_tsvector('pg_catalog.simple',
    translate($1, './\_-:;,@#&+*=~^|<>()[]{}"''`!?', repeat(' ', 32)));

create index tasks_by_words on tasks
  using gin (search_words(title || ' ' || code || ' ' || coalesce(external_id, '')));
