-- A person may write one lesson in two tabs, or on two devices. What wrote a draft last is its hand, and each state of
-- it has a number that grows over all drafts: a hand replaces what is its own, and what it has seen.
create sequence lesson_draft_revisions;
alter table lesson_drafts
  add column hand text not null default '',
  add column revision bigint not null default nextval('lesson_draft_revisions');
