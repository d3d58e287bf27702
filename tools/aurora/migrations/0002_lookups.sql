-- Indexes and the dictionary of names that keep every look-up as fast with millions of rows as with five.

-- Users: by e-mail, user name and name in any case. customer_id has its unique index. Names are
-- sorted by code point, whatever the database's language, so that an initial is a range of the index.
CREATE INDEX users_lower_email ON store.users (lower(email));
CREATE INDEX users_lower_username ON store.users (lower(username));
CREATE INDEX users_lower_name ON store.users
    (lower(last_name) COLLATE "C", lower(first_name) COLLATE "C", customer_id);
CREATE INDEX users_lower_first_name ON store.users (lower(first_name) COLLATE "C", customer_id);

-- Orders: the newest of a customer with count and sum out of the index alone, the newest of a status,
-- the newest of all. A foreign key makes no index by itself.
CREATE INDEX orders_customer ON store.orders (customer_id, order_date DESC NULLS LAST, id DESC)
    INCLUDE (total_amount, status);
CREATE INDEX orders_status ON store.orders (status, order_date DESC NULLS LAST, id DESC);
CREATE INDEX orders_date ON store.orders (order_date DESC NULLS LAST, id DESC);

-- Products: any part of a name or description, a category, a price.
CREATE INDEX products_name ON store.products USING gin (lower(name) extensions.gin_trgm_ops);
CREATE INDEX products_similar_name ON store.products USING gist (lower(name) extensions.gist_trgm_ops);
CREATE INDEX products_description ON store.products
    USING gin (lower(description) extensions.gin_trgm_ops);
CREATE INDEX products_category ON store.products (lower(category), id);
CREATE INDEX products_price ON store.products (price, id);

-- A misspelt name is looked for among the distinct names, not among the users: a million users have
-- some 80,000 last names. A key is a name without case, accents, apostrophes and other signs.
CREATE FUNCTION store.name_key(name text) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    RETURN btrim(regexp_replace(
        lower(extensions.unaccent('extensions.unaccent', translate(normalize(name, NFKC), '''’‘ʼ`´', ''))),
        '[^[:alnum:]]+', ' ', 'g'));

CREATE TABLE store.names (
    part text NOT NULL CHECK (part IN ('first', 'last')),
    name text NOT NULL, -- lower(first_name) or lower(last_name), as the indexes of users have it
    key text NOT NULL,
    PRIMARY KEY (part, name)
);
CREATE INDEX names_key ON store.names (part, key text_pattern_ops, name);
CREATE INDEX names_similar_first ON store.names USING gist (key extensions.gist_trgm_ops)
    WHERE part = 'first';
CREATE INDEX names_similar_last ON store.names USING gist (key extensions.gist_trgm_ops)
    WHERE part = 'last';

-- Once a statement, not once a row, so that COPY pays little. Names that nobody has any more stay
-- until the next rebuild: they find no user.
CREATE FUNCTION store.learn_names() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO store.names (part, name, key)
    SELECT part, name, store.name_key(name)
    FROM (SELECT 'first' AS part, lower(first_name) AS name FROM added GROUP BY 2
          UNION ALL
          SELECT 'last', lower(last_name) FROM added GROUP BY 2) AS said
    WHERE name IS NOT NULL
      AND NOT EXISTS (SELECT FROM store.names AS known
                      WHERE known.part = said.part AND known.name = said.name)
    ORDER BY part, name
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER users_names_added AFTER INSERT ON store.users
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION store.learn_names();
CREATE TRIGGER users_names_changed AFTER UPDATE ON store.users
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION store.learn_names();

CREATE FUNCTION store.rebuild_names() RETURNS void
    LANGUAGE sql
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    DELETE FROM store.names;
    INSERT INTO store.names (part, name, key)
    SELECT part, name, store.name_key(name)
    FROM (SELECT 'first' AS part, lower(first_name) AS name FROM store.users GROUP BY 2
          UNION ALL
          SELECT 'last', lower(last_name) FROM store.users GROUP BY 2) AS said
    WHERE name IS NOT NULL;
END;

-- What the reader may ask of the dictionary. These run as the owner, with a fixed search path, and
-- say nothing that the views do not say.

-- The ways in which one name is written in users, whatever its accents and signs.
CREATE FUNCTION desk.spellings(name_part text, wanted text) RETURNS TABLE (name text)
    LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 2
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT known.name FROM store.names AS known
    WHERE known.part = name_part AND known.key = store.name_key(wanted) AND known.key <> ''
    ORDER BY known.name LIMIT 20;
END;

-- The names nearest to one: those that begin with it (a range, because an index cannot follow a
-- LIKE whose pattern is not known when the statement is planned), those with two neighbouring
-- letters the other way round, of which trigrams of a short name see nothing, and close spellings.
CREATE FUNCTION desk.similar_names(name_part text, wanted text)
    RETURNS TABLE (name text, similarity real)
    LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 16
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH asked AS MATERIALIZED (
        SELECT said.key FROM (SELECT store.name_key(wanted) AS key) AS said WHERE said.key <> ''
    ), near AS (
        (SELECT known.name, known.key, 0 AS least FROM asked, store.names AS known
         WHERE known.part = name_part
           AND known.key ~>=~ asked.key AND known.key ~<~ (asked.key || chr(1114111))
         ORDER BY known.key, known.name LIMIT 8)
        UNION ALL
        (SELECT known.name, known.key, 0.75 FROM asked
         CROSS JOIN generate_series(1, least(length(asked.key), 20) - 1) AS place
         JOIN store.names AS known ON known.part = name_part AND known.key <> asked.key
            AND known.key = left(asked.key, place - 1) || substr(asked.key, place + 1, 1)
                || substr(asked.key, place, 1) || substr(asked.key, place + 2)
         LIMIT 8)
        UNION ALL
        (SELECT known.name, known.key, 0 FROM asked CROSS JOIN LATERAL (
            SELECT first.name, first.key FROM store.names AS first WHERE first.part = 'first'
            ORDER BY first.key OPERATOR(extensions.<->) asked.key LIMIT 8) AS known
         WHERE name_part = 'first')
        UNION ALL
        (SELECT known.name, known.key, 0 FROM asked CROSS JOIN LATERAL (
            SELECT last.name, last.key FROM store.names AS last WHERE last.part = 'last'
            ORDER BY last.key OPERATOR(extensions.<->) asked.key LIMIT 8) AS known
         WHERE name_part = 'last')
    ), judged AS (
        SELECT near.name, starts_with(near.key, asked.key) AS begins,
            greatest(extensions.similarity(near.key, asked.key), near.least)::real AS likeness
        FROM near, asked
    )
    SELECT judged.name, max(judged.likeness) FROM judged
    WHERE judged.begins OR judged.likeness >= 0.25
    GROUP BY judged.name ORDER BY 2 DESC, 1;
END;

GRANT EXECUTE ON FUNCTION desk.spellings, desk.similar_names TO deskhand_reader;
