-- Counts and sums of orders kept by day and by customer, so that no question adds up millions of rows.

CREATE TABLE store.order_days (
    day date,
    status varchar(20),
    orders bigint NOT NULL,
    amount numeric NOT NULL,
    UNIQUE NULLS NOT DISTINCT (day, status)
);

CREATE TABLE store.customer_totals (
    customer_id varchar(20) PRIMARY KEY,
    orders bigint NOT NULL,
    amount numeric NOT NULL,
    pending_orders bigint NOT NULL,
    pending_amount numeric NOT NULL,
    completed_orders bigint NOT NULL,
    completed_amount numeric NOT NULL,
    shipped_orders bigint NOT NULL,
    shipped_amount numeric NOT NULL
);
CREATE INDEX customer_totals_amount ON store.customer_totals (amount DESC, customer_id)
    INCLUDE (orders) WHERE orders > 0;
CREATE INDEX customer_totals_pending ON store.customer_totals (pending_amount DESC, customer_id)
    INCLUDE (pending_orders) WHERE pending_orders > 0;
CREATE INDEX customer_totals_completed ON store.customer_totals (completed_amount DESC, customer_id)
    INCLUDE (completed_orders) WHERE completed_orders > 0;
CREATE INDEX customer_totals_shipped ON store.customer_totals (shipped_amount DESC, customer_id)
    INCLUDE (shipped_orders) WHERE shipped_orders > 0;

-- One function for all statements on orders: what was added counts 1, what was removed -1. It runs
-- once a statement; rows are taken in order, so that two writers cannot wait for each other.
CREATE FUNCTION store.count_orders() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    changes text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT *, 1 AS sign FROM added'
        WHEN 'DELETE' THEN 'SELECT *, -1 AS sign FROM removed'
        ELSE 'SELECT *, 1 AS sign FROM added UNION ALL SELECT *, -1 FROM removed'
    END;
BEGIN
    EXECUTE format($sql$
        INSERT INTO store.order_days AS kept (day, status, orders, amount)
        SELECT order_date::date, status, sum(sign), coalesce(sum(sign * total_amount), 0)
        FROM (%s) AS changed
        GROUP BY 1, 2
        HAVING sum(sign) <> 0 OR sum(sign * total_amount) <> 0
        ORDER BY 1, 2
        ON CONFLICT (day, status) DO UPDATE
        SET orders = kept.orders + excluded.orders, amount = kept.amount + excluded.amount
    $sql$, changes);
    EXECUTE format($sql$
        INSERT INTO store.customer_totals AS kept
        SELECT customer_id, sum(sign), coalesce(sum(sign * total_amount), 0),
            coalesce(sum(sign) FILTER (WHERE status = 'pending'), 0),
            coalesce(sum(sign * total_amount) FILTER (WHERE status = 'pending'), 0),
            coalesce(sum(sign) FILTER (WHERE status = 'completed'), 0),
            coalesce(sum(sign * total_amount) FILTER (WHERE status = 'completed'), 0),
            coalesce(sum(sign) FILTER (WHERE status = 'shipped'), 0),
            coalesce(sum(sign * total_amount) FILTER (WHERE status = 'shipped'), 0)
        FROM (%s) AS changed
        WHERE customer_id IS NOT NULL
        GROUP BY customer_id
        ORDER BY customer_id
        ON CONFLICT (customer_id) DO UPDATE
        SET orders = kept.orders + excluded.orders,
            amount = kept.amount + excluded.amount,
            pending_orders = kept.pending_orders + excluded.pending_orders,
            pending_amount = kept.pending_amount + excluded.pending_amount,
            completed_orders = kept.completed_orders + excluded.completed_orders,
            completed_amount = kept.completed_amount + excluded.completed_amount,
            shipped_orders = kept.shipped_orders + excluded.shipped_orders,
            shipped_amount = kept.shipped_amount + excluded.shipped_amount
    $sql$, changes);
    RETURN NULL;
END $$;

CREATE FUNCTION store.forget_order_totals() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    TRUNCATE store.order_days, store.customer_totals;
    RETURN NULL;
END $$;

CREATE TRIGGER orders_added AFTER INSERT ON store.orders
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION store.count_orders();
CREATE TRIGGER orders_changed AFTER UPDATE ON store.orders
    REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION store.count_orders();
CREATE TRIGGER orders_removed AFTER DELETE ON store.orders
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION store.count_orders();
CREATE TRIGGER orders_emptied AFTER TRUNCATE ON store.orders
    FOR EACH STATEMENT EXECUTE FUNCTION store.forget_order_totals();

CREATE FUNCTION store.rebuild_order_totals() RETURNS void
    LANGUAGE sql
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    DELETE FROM store.order_days;
    INSERT INTO store.order_days
    SELECT order_date::date, status, count(*), coalesce(sum(total_amount), 0)
    FROM store.orders GROUP BY 1, 2;
    DELETE FROM store.customer_totals;
    INSERT INTO store.customer_totals
    SELECT customer_id, count(*), coalesce(sum(total_amount), 0),
        count(*) FILTER (WHERE status = 'pending'),
        coalesce(sum(total_amount) FILTER (WHERE status = 'pending'), 0),
        count(*) FILTER (WHERE status = 'completed'),
        coalesce(sum(total_amount) FILTER (WHERE status = 'completed'), 0),
        count(*) FILTER (WHERE status = 'shipped'),
        coalesce(sum(total_amount) FILTER (WHERE status = 'shipped'), 0)
    FROM store.orders WHERE customer_id IS NOT NULL GROUP BY customer_id;
END;

-- The way for a loader of millions of rows: begin, COPY, finish, all in one transaction. In between
-- the triggers rest; whoever reads sees the old state until the commit.
CREATE FUNCTION store.begin_bulk_load() RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    ALTER TABLE store.users DISABLE TRIGGER USER;
    ALTER TABLE store.orders DISABLE TRIGGER USER;
END $$;

CREATE FUNCTION store.finish_bulk_load() RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM store.rebuild_names();
    PERFORM store.rebuild_order_totals();
    ALTER TABLE store.users ENABLE TRIGGER USER;
    ALTER TABLE store.orders ENABLE TRIGGER USER;
    ANALYZE store.users, store.orders, store.names, store.order_days, store.customer_totals;
END $$;

-- What the reader may ask: sums of what the views show.

CREATE FUNCTION desk.order_totals(wanted_status text, since date, until date)
    RETURNS TABLE (month date, status text, orders bigint, amount numeric)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 100
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT date_trunc('month', kept.day)::date, kept.status, sum(kept.orders)::bigint, sum(kept.amount)
    FROM store.order_days AS kept
    WHERE kept.orders > 0
      AND (wanted_status IS NULL OR kept.status = wanted_status)
      AND (since IS NULL OR kept.day >= since)
      AND (until IS NULL OR kept.day <= until)
    GROUP BY 1, 2;
END;

-- The customers with the highest sums: of all their orders, or of those in one status.
CREATE FUNCTION desk.top_customers(wanted_status text, wanted int)
    RETURNS TABLE (customer_id text, orders bigint, amount numeric)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 50
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    (SELECT kept.customer_id, kept.orders, kept.amount FROM store.customer_totals AS kept
     WHERE wanted_status IS NULL AND kept.orders > 0
     ORDER BY kept.amount DESC, kept.customer_id LIMIT wanted)
    UNION ALL
    (SELECT kept.customer_id, kept.pending_orders, kept.pending_amount
     FROM store.customer_totals AS kept
     WHERE wanted_status = 'pending' AND kept.pending_orders > 0
     ORDER BY kept.pending_amount DESC, kept.customer_id LIMIT wanted)
    UNION ALL
    (SELECT kept.customer_id, kept.completed_orders, kept.completed_amount
     FROM store.customer_totals AS kept
     WHERE wanted_status = 'completed' AND kept.completed_orders > 0
     ORDER BY kept.completed_amount DESC, kept.customer_id LIMIT wanted)
    UNION ALL
    (SELECT kept.customer_id, kept.shipped_orders, kept.shipped_amount
     FROM store.customer_totals AS kept
     WHERE wanted_status = 'shipped' AND kept.shipped_orders > 0
     ORDER BY kept.shipped_amount DESC, kept.customer_id LIMIT wanted);
END;

-- Products whose names look like the words asked for.
CREATE FUNCTION desk.similar_products(wanted text, at_most int)
    RETURNS TABLE (id int, similarity real)
    LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 50
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT near.id, near.similarity FROM (
        SELECT product.id, extensions.word_similarity(lower(wanted), lower(product.name)) AS similarity
        FROM store.products AS product
        ORDER BY lower(wanted) OPERATOR(extensions.<<->) lower(product.name) LIMIT at_most) AS near
    WHERE near.similarity >= 0.4;
END;

GRANT EXECUTE ON FUNCTION desk.order_totals, desk.top_customers, desk.similar_products
    TO deskhand_reader;
