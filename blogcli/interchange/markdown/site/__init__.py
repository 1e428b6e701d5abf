"""Find the posts in the folder of a site, and what the folder says about them."""
