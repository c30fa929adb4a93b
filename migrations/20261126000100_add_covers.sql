-- Pictures of products that an author uploaded. They are small, and whoever sees the storefront sees them: products and
-- purchases name them by their address.
create table covers (
  id uuid not null default gen_random_uuid(),
  content_type text not null,
  bytes bytea not null,
  created_at timestamptz not null default now(),
  constraint covers_pkey primary key (id),
  constraint covers_bytes_check check (octet_length(bytes) between 1 and 3000000)
);
-- They are compressed already.
alter table covers alter column bytes set storage external;
create index covers_created_at_idx on covers (created_at);
