-- The owner's data model, table for table. What it leaves open is added by the migrations after this one.

create type user_role as enum ('admin', 'user');
create type product_status as enum ('public', 'private');
create type course_section_status as enum ('public', 'private');
create type lesson_status as enum ('public', 'private', 'preview');

create function set_updated_at() returns trigger
language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end
$$;

create table users (
  id uuid not null default gen_random_uuid(),
  clerk_user_id text not null,
  name text not null,
  email text not null,
  role user_role not null default 'user',
  image_url text,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint users_pkey primary key (id),
  constraint users_clerk_user_id_key unique (clerk_user_id)
);

create table products (
  id uuid not null default gen_random_uuid(),
  name text not null,
  description text not null,
  image_url text not null,
  price_dollars integer not null,
  status product_status not null default 'private',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint products_pkey primary key (id),
  constraint products_price_dollars_check check (price_dollars between 0 and 999999)
);

create table courses (
  id uuid not null default gen_random_uuid(),
  title text not null,
  description text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint courses_pkey primary key (id)
);

create table course_sections (
  id uuid not null default gen_random_uuid(),
  course_id uuid not null,
  name text not null,
  status course_section_status not null default 'private',
  "order" integer not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint course_sections_pkey primary key (id),
  constraint course_sections_course_id_fkey foreign key (course_id) references courses on delete cascade,
  -- Deferred, so that a whole list can change places in one statement.
  constraint course_sections_course_id_order_key unique (course_id, "order") deferrable initially deferred,
  constraint course_sections_order_check check ("order" >= 0)
);

create table lessons (
  id uuid not null default gen_random_uuid(),
  section_id uuid not null,
  name text not null,
  description text,
  status lesson_status not null default 'private',
  "order" integer not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint lessons_pkey primary key (id),
  constraint lessons_section_id_fkey foreign key (section_id) references course_sections on delete cascade,
  constraint lessons_section_id_order_key unique (section_id, "order") deferrable initially deferred,
  constraint lessons_order_check check ("order" >= 0)
);

create table purchases (
  id uuid not null default gen_random_uuid(),
  price_paid_in_cents integer not null,
  product_details jsonb not null,
  user_id uuid not null,
  product_id uuid not null,
  stripe_session_id text not null,
  refunded_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint purchases_pkey primary key (id),
  constraint purchases_user_id_fkey foreign key (user_id) references users on delete restrict,
  constraint purchases_product_id_fkey foreign key (product_id) references products on delete restrict,
  constraint purchases_stripe_session_id_key unique (stripe_session_id),
  constraint purchases_price_paid_in_cents_check check (price_paid_in_cents >= 0)
);
create index purchases_user_id_idx on purchases (user_id);
create index purchases_product_id_idx on purchases (product_id);

create table course_products (
  course_id uuid not null,
  product_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint course_products_pkey primary key (course_id, product_id),
  constraint course_products_course_id_fkey foreign key (course_id) references courses on delete restrict,
  constraint course_products_product_id_fkey foreign key (product_id) references products on delete cascade
);
create index course_products_product_id_idx on course_products (product_id);

create table user_course_access (
  user_id uuid not null,
  course_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint user_course_access_pkey primary key (user_id, course_id),
  constraint user_course_access_user_id_fkey foreign key (user_id) references users on delete cascade,
  constraint user_course_access_course_id_fkey foreign key (course_id) references courses on delete cascade
);
create index user_course_access_course_id_idx on user_course_access (course_id);

create table user_lesson_complete (
  user_id uuid not null,
  lesson_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint user_lesson_complete_pkey primary key (user_id, lesson_id),
  constraint user_lesson_complete_user_id_fkey foreign key (user_id) references users on delete cascade,
  constraint user_lesson_complete_lesson_id_fkey foreign key (lesson_id) references lessons on delete cascade
);
create index user_lesson_complete_lesson_id_idx on user_lesson_complete (lesson_id);

create trigger users_set_updated_at before update on users for each row execute function set_updated_at();
create trigger products_set_updated_at before update on products for each row execute function set_updated_at();
create trigger courses_set_updated_at before update on courses for each row execute function set_updated_at();
create trigger course_sections_set_updated_at before update on course_sections for each row execute function set_updated_at();
create trigger lessons_set_updated_at before update on lessons for each row execute function set_updated_at();
create trigger purchases_set_updated_at before update on purchases for each row execute function set_updated_at();
create trigger course_products_set_updated_at before update on course_products for each row execute function set_updated_at();
create trigger user_course_access_set_updated_at before update on user_course_access for each row execute function set_updated_at();
create trigger user_lesson_complete_set_updated_at before update on user_lesson_complete for each row execute function set_updated_at();
