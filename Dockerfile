FROM python:3.13-slim AS packages
COPY requirements.lock /tmp/
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r /tmp/requirements.lock \
    && /venv/bin/pip check

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --create-home neurophoto \
    && install -d -o neurophoto /app/data
WORKDIR /app
COPY --from=packages /venv /venv
COPY bot bot
COPY api api
COPY handlers handlers
COPY services services
COPY db db
COPY texts texts
COPY webapp webapp
USER neurophoto
VOLUME /app/data
# SIGTERM lets the bot finish what it is doing; see docker-compose.yml for how long.
ENTRYPOINT ["python", "-m", "bot"]
