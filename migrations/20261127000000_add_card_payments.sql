-- What a card payment needs beside the checkout: the provider's payment, its receipt, and when it is next asked about.
alter table checkouts
  add column payment_intent_id text,
  add column receipt_url text,
  -- When the latest answer that was applied was asked for: an older one is not.
  add column asked_at timestamptz,
  add column ask_at timestamptz not null default now() + interval '2 minutes';
create index checkouts_payment_intent_id_idx on checkouts (payment_intent_id);
create index checkouts_ask_at_idx on checkouts (ask_at) where status = 'open';

-- A verified webhook, as it was received, and what came of it.
create table payment_events (
  id text not null,
  kind text not null,
  payload jsonb not null,
  received_at timestamptz not null default now(),
  processed_at timestamptz,
  attempts integer not null default 0,
  -- Why the last attempt failed, and when the next one is due; none where it is parked.
  error text,
  retry_at timestamptz,
  -- The checkout session or the payment that it is about.
  about text generated always as (
    case when kind like 'checkout.session.%' then payload #>> '{data,object,id}'
      else payload #>> '{data,object,payment_intent}' end
  ) stored,
  constraint payment_events_pkey primary key (id)
);
create index payment_events_received_at_idx on payment_events (received_at);
create index payment_events_about_idx on payment_events (about);
create index payment_events_retry_at_idx on payment_events (retry_at) where processed_at is null;

-- `requested`: written down, and not yet heard of by the provider. The others are Stripe's.
create type refund_status as enum ('requested', 'pending', 'requires_action', 'succeeded', 'failed', 'canceled');
alter table refunds
  alter column status type refund_status using status::refund_status,
  alter column provider_refund_id drop not null,
  add column reason text,
  add column note text,
  add column requested_by uuid constraint refunds_requested_by_fkey references users on delete set null,
  add column attempts integer not null default 0,
  add column ask_at timestamptz not null default now(),
  add column error text,
  add column updated_at timestamptz not null default now();
create index refunds_requested_by_idx on refunds (requested_by);
create index refunds_ask_at_idx on refunds (ask_at) where status in ('requested', 'pending', 'requires_action');
create trigger refunds_set_updated_at before update on refunds for each row execute function set_updated_at();

create type dispute_status as enum ('open', 'won', 'lost');
create table disputes (
  id uuid not null default gen_random_uuid(),
  purchase_id uuid not null,
  provider_dispute_id text not null,
  amount_in_cents integer not null,
  status dispute_status not null,
  reason text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint disputes_pkey primary key (id),
  constraint disputes_purchase_id_fkey foreign key (purchase_id) references purchases on delete restrict,
  constraint disputes_provider_dispute_id_key unique (provider_dispute_id),
  constraint disputes_amount_in_cents_check check (amount_in_cents > 0)
);
create index disputes_purchase_id_idx on disputes (purchase_id);
create index disputes_created_at_idx on disputes (created_at);
create trigger disputes_set_updated_at before update on disputes for each row execute function set_updated_at();

-- What does not fit, and a person has to look at.
create type payment_flag_kind as enum ('amount_differs', 'buyer_deleted', 'bought_twice', 'returned_too_much');
create table payment_flags (
  id uuid not null default gen_random_uuid(),
  checkout_id uuid not null,
  kind payment_flag_kind not null,
  detail text not null,
  created_at timestamptz not null default now(),
  resolved_at timestamptz,
  constraint payment_flags_pkey primary key (id),
  constraint payment_flags_checkout_id_fkey foreign key (checkout_id) references checkouts on delete restrict,
  constraint payment_flags_checkout_id_kind_key unique (checkout_id, kind)
);
create index payment_flags_created_at_idx on payment_flags (created_at);

-- Money that went back to a buyer: by a refund that has not failed, or by a dispute that was lost.
create view returns as
select id, purchase_id, amount_in_cents, created_at
from refunds
where status in ('pending', 'requires_action', 'succeeded')
union all
select id, purchase_id, amount_in_cents, created_at
from disputes
where status = 'lost';

-- The same, and what is about to go back: what is not in here is left to be given back.
create view spoken_for as
select purchase_id, amount_in_cents
from refunds
where status not in ('failed', 'canceled')
union all
select purchase_id, amount_in_cents
from disputes
where status <> 'won';
