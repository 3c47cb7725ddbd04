"""The words that names, tiers, licences and opposites are read by. Tables only."""

from __future__ import annotations

from workbench.domain.grounding.words import listed

NOT_NAMES = listed(
    """i ok yes ship skip verdict monday tuesday wednesday thursday friday saturday sunday january february march april
    june july august september october november december internet web nobody everybody somebody anybody everyone
    someone anyone nothing everything something anything usd eur gbp"""
)
"""Written with a capital, and nobody's name."""
HOUSEHOLD = listed(
    """ai api apis llm llms ml ui ux dx ide ides cli json html css url urls os pc it id ids ceo cto cfo coo vp hr pr qa
    b2b saas roi kpi faq us uk eu usa tv pdf csv rest sql dm tldr eod asap kb mb gb tb kib mib gib ms"""
)
"""Acronyms that say what trade this is, and nothing about a tool."""
TITLES = listed(
    """inc ltd llc corp corporation company gmbh mr mrs ms dr package plan suite offer deal bundle edition tier program
    programme platform system service services solution solutions software app application tool tools product
    products team teams sales manager representative"""
)
"""Beside a name these say what kind of thing it is; calling a package a plan changes nothing."""
VARIANTS = listed(
    """pro mini max ultra turbo flash sonnet opus haiku nano lite large medium small preview instruct coder plus beta
    alpha enterprise thinking vision"""
)
"""Behind a version number they are part of the release's name."""
KNOWN_NAMES = listed(
    """openai anthropic google deepmind microsoft meta amazon aws azure apple nvidia github gitlab atlassian jetbrains
    mistral cohere claude gpt chatgpt gemini llama codestral copilot cursor windsurf codeium tabnine replit
    sourcegraph cody devin cognition deepseek qwen alibaba grok xai perplexity groq together fireworks replicate
    huggingface databricks snowflake oracle ibm salesforce vercel netlify cloudflare supabase firebase stripe
    datadog langchain llamaindex pinecone weaviate chroma qdrant redis postgres postgresql mongodb sqlite docker
    kubernetes linux windows python javascript typescript rust java golang bedrock vertex ollama vllm zed aider
    cline bolt lovable figma notion slack linear jira stackblitz phind augment poolside magic"""
)
"""Makers and products of this trade that open a sentence as names."""
LOWER_NAMES = listed(
    """dbt airflow kafka redis postgres postgresql mysql sqlite mongodb docker kubernetes nginx numpy pandas pytorch
    tensorflow terraform ansible grafana prometheus elasticsearch clickhouse duckdb databricks flink dagster airbyte
    fivetran rabbitmq django fastapi pytest webpack esbuild eslint vscode neovim ffmpeg rclone kubectl etcd ollama
    langchain llamaindex vllm npm pnpm"""
)
"""Products that are written without a capital, and are no common words."""
SAME_NAMES = {"postgresql": "postgres", "k8s": "kubernetes", "golang": "go", "nodejs": "node"}
"""Names of one thing."""
PROPER = frozenset({"Go"})
"""Names only with a capital, common words without."""
ACTING = listed(
    """ships shipped offers offered provides provided supports supported sells sold charges charged announced announces
    launched launches released releases introduced introduces expanded expands acquired acquires owns owned builds
    built adds added says said claims claimed wants makes made publishes published hosts hosted bundles bundled
    maintains documents documented promises promised runs trains trained licenses licensed competes already"""
)
"""Verbs that need somebody or something in particular as their subject."""
ABSTRACT_ENDINGS = tuple(listed("ing ity ness tion sion ment ance ence ware cy ship ers ies s"))
"""A word with such an ending opens a sentence as a common noun."""
