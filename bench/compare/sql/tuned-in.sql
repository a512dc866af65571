-- Read by the server itself, not through the client.
truncate staging;
copy staging from '{questions}' (format csv, header);
