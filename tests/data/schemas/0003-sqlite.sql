BEGIN;

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 0001

CREATE TABLE users (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
    email VARCHAR(254) NOT NULL, 
    hashed_password VARCHAR(255) NOT NULL, 
    full_name VARCHAR(100), 
    is_active BOOLEAN NOT NULL, 
    created_at VARCHAR(27) DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')) NOT NULL, 
    updated_at VARCHAR(27) DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')) NOT NULL, 
    CONSTRAINT uq_users_email UNIQUE (email)
);

CREATE TABLE posts (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
    uuid CHAR(32) NOT NULL, 
    title VARCHAR(500) NOT NULL, 
    slug VARCHAR(255) NOT NULL, 
    excerpt TEXT, 
    status VARCHAR(20) NOT NULL, 
    published_at VARCHAR(27), 
    trashed_at VARCHAR(27), 
    author_id INTEGER NOT NULL, 
    words INTEGER NOT NULL, 
    version INTEGER NOT NULL, 
    created_at VARCHAR(27) DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')) NOT NULL, 
    updated_at VARCHAR(27) DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')) NOT NULL, 
    extra JSON NOT NULL, 
    content TEXT NOT NULL, 
    CONSTRAINT ck_posts_status CHECK (status IN ('draft', 'scheduled', 'published')), 
    CONSTRAINT fk_posts_author_id_users FOREIGN KEY(author_id) REFERENCES users (id) ON DELETE RESTRICT, 
    CONSTRAINT uq_posts_slug UNIQUE (slug), 
    CONSTRAINT uq_posts_uuid UNIQUE (uuid)
);

CREATE INDEX ix_posts_date ON posts (coalesce(published_at, created_at), id) WHERE trashed_at IS NULL;

CREATE INDEX ix_posts_author_id_date ON posts (author_id, coalesce(published_at, created_at), id) WHERE trashed_at IS NULL;

CREATE INDEX ix_posts_status_date ON posts (status, coalesce(published_at, created_at), id) WHERE trashed_at IS NULL;

CREATE INDEX ix_posts_trashed ON posts (id) WHERE trashed_at IS NOT NULL;

CREATE TABLE tags (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
    name VARCHAR(50) NOT NULL, 
    "key" VARCHAR(900) NOT NULL, 
    CONSTRAINT uq_tags_key UNIQUE ("key")
);

CREATE TABLE post_tags (
    post_id INTEGER NOT NULL, 
    tag_id INTEGER NOT NULL, 
    CONSTRAINT pk_post_tags PRIMARY KEY (post_id, tag_id), 
    CONSTRAINT fk_post_tags_post_id_posts FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE, 
    CONSTRAINT fk_post_tags_tag_id_tags FOREIGN KEY(tag_id) REFERENCES tags (id) ON DELETE CASCADE
);

CREATE INDEX ix_post_tags_tag_id_post_id ON post_tags (tag_id, post_id);

INSERT INTO alembic_version (version_num) VALUES ('0001') RETURNING version_num;

-- Running upgrade 0001 -> 0002

CREATE VIRTUAL TABLE post_search USING fts5 (title, content, tokenize = "ascii tokenchars '+#'");

CREATE VIRTUAL TABLE post_search_terms USING fts5vocab (post_search, instance);

INSERT INTO post_search (post_search, rank) VALUES ('hashsize', 33554432);

CREATE TRIGGER posts_leave_search AFTER DELETE ON posts BEGIN DELETE FROM post_search WHERE rowid = old.id; END;

UPDATE alembic_version SET version_num='0002' WHERE alembic_version.version_num = '0001';

-- Running upgrade 0002 -> 0003

CREATE TABLE post_imports (
    post_id INTEGER NOT NULL, 
    digest VARCHAR(32) NOT NULL, 
    version INTEGER NOT NULL, 
    CONSTRAINT pk_post_imports PRIMARY KEY (post_id), 
    CONSTRAINT fk_post_imports_post_id_posts FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE
);

UPDATE alembic_version SET version_num='0003' WHERE alembic_version.version_num = '0002';

COMMIT;

