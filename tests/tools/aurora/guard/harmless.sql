SELECT EXTRACT(year FROM order_date) AS y, count(*) FROM orders GROUP BY y HAVING count(*) > 1
SELECT category, string_agg(name, ', ' ORDER BY name) FROM products GROUP BY 1
SELECT first_name || ' ' || last_name AS full_name FROM users ORDER BY full_name
SELECT d.day, d.n FROM (SELECT order_date::date AS day, count(*) AS n FROM orders GROUP BY 1) d
SELECT t.a FROM (SELECT id, price FROM products) AS t (a, b) WHERE t.b > 5
WITH a AS (SELECT * FROM orders), b AS (SELECT a.customer_id AS c FROM a) SELECT c FROM b
SELECT u.*, count FROM users u JOIN (SELECT customer_id, count(*) FROM orders GROUP BY 1) o USING (customer_id)
SELECT u.id, n.order_date FROM users u LEFT JOIN LATERAL (SELECT o.order_date FROM orders o WHERE o.customer_id = u.customer_id ORDER BY 1 DESC LIMIT 1) n ON true
SELECT DISTINCT ON (customer_id) customer_id, order_date FROM orders ORDER BY customer_id
SELECT name, price - lag(price) OVER w FROM products WINDOW w AS (ORDER BY price)
SELECT count(*) FILTER (WHERE status = 'pending') FROM orders
SELECT id FROM users WHERE email ILIKE '%@example.com' ESCAPE '!'
SELECT id FROM orders WHERE status IN ('pending', 'shipped') UNION ALL SELECT id FROM users ORDER BY id
SELECT max(total_amount), min(total_amount) FROM orders WHERE status = ANY (ARRAY['pending'])
SELECT nullif(price, 0), coalesce(description, '-'), least(price, 5) FROM products
SELECT timezone, max FROM (SELECT order_date AT TIME ZONE 'UTC', max(id) FROM orders GROUP BY 1) t
SELECT t.greatest, t.coalesce, t."case" FROM (SELECT greatest(1, 2), coalesce(NULL, 1), CASE WHEN true THEN 1 END FROM users) t
SELECT x.exists FROM (SELECT EXISTS (SELECT 1 FROM users WHERE id = 1) FROM users) x
SELECT o.id FROM orders o WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.customer_id = o.customer_id)
SELECT substring(name, 1, 3), position('a' IN name), trim(both ' ' FROM name) FROM products
SELECT j.username, j.status FROM (users u JOIN orders o ON u.customer_id = o.customer_id) AS j
SELECT (SELECT count(*) FROM orders), current_date, interval '1 day' FROM users
SELECT t.int4, t."array", t."nullif" FROM (SELECT '1'::int, ARRAY[1], nullif(1, 2) FROM users) t
SELECT date_trunc('month', order_date), sum(total_amount) FROM orders GROUP BY date_trunc('month', order_date) ORDER BY date_trunc
