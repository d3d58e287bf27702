-- The tables, in a schema that only the owner enters, and the three views that the desk reads.

REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE SCHEMA extensions;
CREATE EXTENSION pg_trgm SCHEMA extensions;
CREATE EXTENSION unaccent SCHEMA extensions;

CREATE TABLE store.users (
    id serial PRIMARY KEY,
    customer_id varchar(20) UNIQUE NOT NULL,
    username varchar(50) UNIQUE NOT NULL,
    email varchar(100) UNIQUE NOT NULL,
    first_name varchar(50),
    last_name varchar(50),
    created_at timestamp DEFAULT now()
);

CREATE TABLE store.products (
    id serial PRIMARY KEY,
    name varchar(100) NOT NULL,
    description text,
    price decimal(10, 2),
    category varchar(50),
    stock_quantity int DEFAULT 0,
    created_at timestamp DEFAULT now()
);

CREATE TABLE store.orders (
    id serial PRIMARY KEY,
    customer_id varchar(20) REFERENCES store.users (customer_id),
    total_amount decimal(10, 2),
    status varchar(20) DEFAULT 'pending' CHECK (status IN ('pending', 'completed', 'shipped')),
    order_date timestamp DEFAULT now()
);

-- Plain views: they hide no rows, only what else there may be, so there is nothing for a cast error
-- or a leaky function in a WHERE to reveal. security_barrier would keep every condition with a
-- function in it (lower(email) = …) from reaching the indexes. A view that hides rows needs it.
CREATE SCHEMA desk;
CREATE VIEW desk.users AS
    SELECT id, customer_id, username, email, first_name, last_name, created_at FROM store.users;
CREATE VIEW desk.products AS
    SELECT id, name, description, price, category, stock_quantity, created_at FROM store.products;
CREATE VIEW desk.orders AS
    SELECT id, customer_id, total_amount, status, order_date FROM store.orders;

GRANT USAGE ON SCHEMA desk TO deskhand_reader;
GRANT SELECT ON desk.users, desk.products, desk.orders TO deskhand_reader;
