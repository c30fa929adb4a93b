-- Codes that take something off a price.
create table coupons (
  id uuid not null default gen_random_uuid(),
  code text not null,
  percent integer,
  amount_in_cents integer,
  -- The one product that it is for; none where it is for all.
  product_id uuid,
  usage_limit integer,
  expires_at timestamptz,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint coupons_pkey primary key (id),
  constraint coupons_product_id_fkey foreign key (product_id) references products on delete cascade,
  constraint coupons_percent_check check (percent between 1 and 100),
  constraint coupons_amount_in_cents_check check (amount_in_cents > 0),
  constraint coupons_discount_check check ((percent is null) <> (amount_in_cents is null)),
  constraint coupons_usage_limit_check check (usage_limit > 0)
);
create unique index coupons_code_key on coupons (lower(code));
create index coupons_product_id_idx on coupons (product_id);
create trigger coupons_set_updated_at before update on coupons for each row execute function set_updated_at();

-- What a checkout's price was before its coupon.
alter table checkouts
  add column coupon_id uuid constraint checkouts_coupon_id_fkey references coupons on delete restrict,
  add column list_price_in_cents integer,
  add constraint checkouts_coupon_check check ((coupon_id is null) = (list_price_in_cents is null));
create index checkouts_coupon_id_idx on checkouts (coupon_id);

-- What uses a coupon: what was bought with it, and what somebody may still pay. A card's checkout may be paid until its
-- provider says otherwise, any other for a day.
create view coupon_uses as
select coupon_id, user_id, status = 'open' as under_way
from checkouts
where coupon_id is not null and (
  status = 'completed'
  or status = 'open' and (gateway_session_id like 'cs\_%' or created_at > now() - interval '1 day')
);
