create type checkout_status as enum ('open', 'completed', 'expired');

-- A purchase under way: what is bought and for how much is settled here, before any provider is called.
create table checkouts (
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  product_id uuid not null,
  price_in_cents integer not null,
  product_details jsonb not null,
  courses uuid[] not null,
  gateway_session_id text,
  status checkout_status not null default 'open',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint checkouts_pkey primary key (id),
  constraint checkouts_user_id_fkey foreign key (user_id) references users on delete restrict,
  constraint checkouts_product_id_fkey foreign key (product_id) references products on delete restrict,
  constraint checkouts_gateway_session_id_key unique (gateway_session_id),
  constraint checkouts_price_in_cents_check check (price_in_cents >= 0)
);
create index checkouts_user_id_idx on checkouts (user_id);
create index checkouts_product_id_idx on checkouts (product_id);

-- Why a person has access. user_course_access holds exactly the pairs with a live grant, and is all that is asked.
create table course_grants (
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  course_id uuid not null,
  purchase_id uuid,
  granted_by uuid,
  note text,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint course_grants_pkey primary key (id),
  constraint course_grants_user_id_fkey foreign key (user_id) references users on delete cascade,
  constraint course_grants_course_id_fkey foreign key (course_id) references courses on delete cascade,
  constraint course_grants_purchase_id_fkey foreign key (purchase_id) references purchases on delete restrict,
  constraint course_grants_granted_by_fkey foreign key (granted_by) references users on delete set null,
  constraint course_grants_purchase_id_course_id_key unique (purchase_id, course_id)
);
create index course_grants_user_id_course_id_idx on course_grants (user_id, course_id);
create index course_grants_course_id_idx on course_grants (course_id);

create table refunds (
  id uuid not null default gen_random_uuid(),
  purchase_id uuid not null,
  amount_in_cents integer not null,
  provider_refund_id text not null,
  status text not null,
  created_at timestamptz not null default now(),
  constraint refunds_pkey primary key (id),
  constraint refunds_purchase_id_fkey foreign key (purchase_id) references purchases on delete restrict,
  constraint refunds_provider_refund_id_key unique (provider_refund_id),
  constraint refunds_amount_in_cents_check check (amount_in_cents > 0)
);
create index refunds_purchase_id_idx on refunds (purchase_id);

create trigger checkouts_set_updated_at before update on checkouts for each row execute function set_updated_at();
create trigger course_grants_set_updated_at before update on course_grants for each row execute function set_updated_at();
