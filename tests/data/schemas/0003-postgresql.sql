BEGIN;

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 0001

CREATE TABLE users (
    id SERIAL NOT NULL, 
    email VARCHAR(254) NOT NULL, 
    hashed_password VARCHAR(255) NOT NULL, 
    full_name VARCHAR(100), 
    is_active BOOLEAN NOT NULL, 
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
    CONSTRAINT pk_users PRIMARY KEY (id), 
    CONSTRAINT uq_users_email UNIQUE (email)
);

CREATE TABLE posts (
    id SERIAL NOT NULL, 
    uuid UUID NOT NULL, 
    title VARCHAR(500) NOT NULL, 
    slug VARCHAR(255) NOT NULL, 
    excerpt TEXT, 
    status VARCHAR(20) NOT NULL, 
    published_at TIMESTAMP WITH TIME ZONE, 
    trashed_at TIMESTAMP WITH TIME ZONE, 
    author_id INTEGER NOT NULL, 
    words INTEGER NOT NULL, 
    version INTEGER NOT NULL, 
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
    extra JSONB NOT NULL, 
    content TEXT NOT NULL, 
    CONSTRAINT pk_posts PRIMARY KEY (id), 
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
    id SERIAL NOT NULL, 
    name VARCHAR(50) NOT NULL, 
    key VARCHAR(900) NOT NULL, 
    CONSTRAINT pk_tags PRIMARY KEY (id), 
    CONSTRAINT uq_tags_key UNIQUE (key)
);

CREATE TABLE post_tags (
    post_id INTEGER NOT NULL, 
    tag_id INTEGER NOT NULL, 
    CONSTRAINT pk_post_tags PRIMARY KEY (post_id, tag_id), 
    CONSTRAINT fk_post_tags_post_id_posts FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE, 
    CONSTRAINT fk_post_tags_tag_id_tags FOREIGN KEY(tag_id) REFERENCES tags (id) ON DELETE CASCADE
);

CREATE INDEX ix_post_tags_tag_id_post_id ON post_tags (tag_id, post_id);

INSERT INTO alembic_version (version_num) VALUES ('0001') RETURNING alembic_version.version_num;

-- Running upgrade 0001 -> 0002

CREATE TABLE post_search (
    post_id INTEGER NOT NULL, 
    part INTEGER NOT NULL, 
    document TSVECTOR NOT NULL, 
    CONSTRAINT pk_post_search PRIMARY KEY (post_id, part), 
    CONSTRAINT fk_post_search_post_id_posts FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE
);

ALTER TABLE post_search ALTER COLUMN document SET STORAGE EXTERNAL;

CREATE INDEX ix_post_search_long ON post_search (post_id) WHERE part > 0;

CREATE INDEX ix_post_search_document ON post_search USING gin (document);

UPDATE alembic_version SET version_num='0002' WHERE alembic_version.version_num = '0001';

-- Running upgrade 0002 -> 0003

CREATE TABLE post_imports (
    post_id INTEGER NOT NULL, 
    digest VARCHAR(32) NOT NULL, 
    version INTEGER NOT NULL, 
    CONSTRAINT pk_post_imports PRIMARY KEY (post_id), 
    CONSTRAINT fk_post_imports_post_id_posts FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE
);

ALTER TABLE posts ALTER COLUMN extra TYPE JSON USING extra::JSON;

UPDATE alembic_version SET version_num='0003' WHERE alembic_version.version_num = '0002';

COMMIT;

