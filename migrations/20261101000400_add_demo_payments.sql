-- What the demo's payment provider knows of its sessions; no money moves in it.
create table demo_payment_sessions (
  id text not null,
  amount_in_cents integer not null,
  paid boolean not null default false,
  created_at timestamptz not null default now(),
  constraint demo_payment_sessions_pkey primary key (id)
);
