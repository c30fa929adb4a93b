-- Files of the course that a waiting one would update, by whether it has them with the same bytes. Found out once: to read
-- all of them again at every look would take longer than a look may.
alter table waiting_imports
  add column same_files uuid[] not null default '{}',
  add column other_files uuid[] not null default '{}';
