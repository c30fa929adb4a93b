//! The whole application by its router, each test on a database of its own.

// A test that unwraps what is not there has failed, which is all that it has to say.
#![allow(clippy::unwrap_used)]

mod support;

mod access_model;
mod accounts;
mod bringing;
mod budgets;
mod bulk;
mod canaries;
mod clerk;
mod clerk_tokens;
mod clerk_webhooks;
mod concurrency;
mod copies;
mod coupons;
mod covers;
mod deletions;
mod demo_learners;
mod deny;
mod drafts;
mod edge;
mod files;
mod health;
mod history;
mod hostile;
mod house;
mod import;
mod input;
mod ledger;
mod lost_writes;
mod mail;
mod matrix;
mod oidc;
mod outline;
mod passkeys;
mod payments;
mod people;
mod plain_forms;
mod policy;
mod portrait;
mod preview;
mod returns;
mod rights;
mod roles;
mod sales;
mod schema;
mod security;
mod security_md;
mod session;
mod stripe;
mod trends;
mod updates;
mod uploads;
mod video;
mod waiting_grants;
mod webhooks;
