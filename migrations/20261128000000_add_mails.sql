-- Letters to people, written down in the transaction that caused them, and sent by whoever comes to it first. What a
-- letter tells is kept as facts; its words are made when it is sent or shown.
create table mails (
  id uuid not null default gen_random_uuid(),
  -- What the letter is about. One cause makes one letter, however often it is told.
  cause text not null,
  email text not null,
  letter jsonb not null,
  user_id uuid,
  purchase_id uuid,
  attempts integer not null default 0,
  -- When it is to be tried next; none where it was sent or given up.
  send_at timestamptz default now(),
  -- When it has waited for too long: nobody wants last year's receipt.
  give_up_at timestamptz not null default now() + interval '3 days',
  sent_at timestamptz,
  error text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint mails_pkey primary key (id),
  constraint mails_cause_key unique (cause),
  constraint mails_user_id_fkey foreign key (user_id) references users on delete set null,
  constraint mails_purchase_id_fkey foreign key (purchase_id) references purchases on delete restrict
);
create index mails_user_id_idx on mails (user_id);
create index mails_purchase_id_idx on mails (purchase_id);
create index mails_created_at_idx on mails (created_at);
create index mails_send_at_idx on mails (send_at) where send_at is not null;
create trigger mails_set_updated_at before update on mails for each row execute function set_updated_at();
